import { AppError } from '@assay/core/error';
import { projectFiles, replaceProject, type UnsavedFile } from '@assay/workspace-document';
import * as Y from 'yjs';
import { type Database, databaseNow, type Transaction } from './database.js';
import { EVENT_CHANNEL, workspaceNews } from './events.js';
import { Prisma } from './generated/client.js';
import { lockRow } from './locked-rows.js';
import { readStoredParts } from './stored-documents.js';
import { getReadableTask, lockOpenTask } from './workspaces.js';

/** Origin of what comes from Postgres: it is stored already. */
const STORED = Symbol('stored');
/** So many updates after the last, the whole state is kept: whoever opens the document reads no more of them. */
const UPDATES_BETWEEN_STATES = 200;
/** Of one document, all its updates together. Far above what anybody types, or uploads by hand. */
const MAX_STORED_BYTES = 64 * 1024 * 1024;

/** A row of a workspace, as it is saved. */
interface SavedFile {
  content: string;
  revision: number;
}

export interface Saving {
  at: Date;
  /** What the document holds and the rows do not, since a limit is in the way. */
  unsaved: UnsavedFile[];
  /** Of all that is stored now. */
  stateVector: Uint8Array;
}

/**
 * One process's copy of a workspace's document: what it was given waits here until `save` has stored it. Several
 * processes may have copies of the same: under the attempt's lock each takes in what others have stored before it
 * stores, so that rows are always the projection of all updates.
 */
export class OpenWorkspace {
  private readonly saved = new Map<string, SavedFile>();
  private pending: Uint8Array[] = [];
  /** The last stored update that the document holds. */
  private sequence = 0;
  private storedBytes = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private unsaved: UnsavedFile[] = [];
  private savedAt = new Date(0);

  private constructor(
    private readonly db: Database,
    readonly doc: Y.Doc,
    readonly attemptId: string,
    readonly taskId: string,
    readonly attemptTaskId: string,
  ) {}

  /**
   * Fills an empty document with what is stored. The first to open a workspace makes its document of its files.
   * Throws when there is no such task in this attempt, or it cannot be read now.
   */
  static async open(
    db: Database,
    attemptId: string,
    taskId: string,
    doc: Y.Doc = new Y.Doc(),
  ): Promise<OpenWorkspace> {
    const { id } = await getReadableTask(db.prisma, attemptId, taskId);
    const workspace = new OpenWorkspace(db, doc, attemptId, taskId, id);
    await workspace.load(db.prisma);
    if (workspace.sequence === 0) await db.transaction((tx) => workspace.create(tx));
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== STORED) workspace.pending.push(update);
    });
    return workspace;
  }

  get hasPending(): boolean {
    return this.pending.length > 0;
  }

  /** Whether it has grown so far that it takes nothing more. */
  get isFull(): boolean {
    return this.storedBytes > MAX_STORED_BYTES;
  }

  /** The content and the revision of each saved file, by its path. */
  get files(): ReadonlyMap<string, SavedFile> {
    return this.saved;
  }

  /** What is stored now, and what of it is not saved. Only right while nothing is pending. */
  get standing(): Saving {
    return { at: this.savedAt, unsaved: this.unsaved, stateVector: Y.encodeStateVector(this.doc) };
  }

  /**
   * Stores what is pending and saves the files, in one transaction. Before that, `change` may change the document: it
   * sees all that others have stored, throws to refuse, and gives the paths whose revision is to grow in any case.
   * Throws when the task is not open for changes; what is pending stays pending then, and when Postgres is away.
   */
  save(change: () => readonly string[] = () => []): Promise<Saving> {
    return this.inTurn(async () => {
      let batch: Uint8Array[] = [];
      try {
        const stored = await this.db.transaction(async (tx) => {
          const { now } = await lockOpenTask(tx, this.attemptId, this.taskId);
          if (await this.takeIn(tx)) await this.loadFiles(tx);
          const touched = change();
          // From here to the first await nothing else can change the document: what is stored is what is projected.
          batch = this.pending;
          this.pending = [];
          return this.store(tx, batch, touched, now);
        });
        this.adopt(stored);
        return { at: stored.now, unsaved: stored.unsaved, stateVector: stored.stateVector };
      } catch (error) {
        this.pending = [...batch, ...this.pending];
        throw error;
      }
    });
  }

  /** Resolves once what is being stored now is stored, or could not be. */
  settled(): Promise<void> {
    return this.inTurn(async () => {});
  }

  /** Takes in what other processes have stored up to `sequence`, or all of it. Whether there was anything. */
  catchUp(sequence = Number.POSITIVE_INFINITY): Promise<boolean> {
    return this.inTurn(async () => {
      const { prisma } = this.db;
      if (sequence <= this.sequence || !(await this.takeIn(prisma))) return false;
      await this.loadFiles(prisma);
      return true;
    });
  }

  /** Gives up what is pending: all of it merged, null for nothing. The document holds it all the same. */
  giveUpPending(): Promise<Uint8Array | null> {
    return this.inTurn(async () => {
      const batch = this.pending;
      this.pending = [];
      return batch.length > 0 ? Y.mergeUpdates(batch) : null;
    });
  }

  /** One at a time: an update must be stored before the next one that rests on it. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private async load(tx: Transaction): Promise<void> {
    this.apply(await readStoredParts(tx, this.attemptTaskId));
    await this.loadFiles(tx);
  }

  private async loadFiles(tx: Transaction): Promise<void> {
    const rows = await tx.workspaceFile.findMany({ where: { attemptTaskId: this.attemptTaskId } });
    this.saved.clear();
    for (const { path, content, revision, savedAt } of rows) {
      this.saved.set(path, { content, revision });
      if (savedAt > this.savedAt) this.savedAt = savedAt;
    }
    this.unsaved = projectFiles(this.doc, this.saved).unsaved;
  }

  private async create(tx: Transaction): Promise<void> {
    await lockRow(tx, 'attempt', this.attemptId);
    await this.load(tx);
    if (this.sequence > 0) return;
    const files = [...this.saved].map(([path, { content }]) => ({ path, content }));
    this.doc.transact(() => replaceProject(this.doc, files), STORED);
    const state = new Uint8Array(Y.encodeStateAsUpdate(this.doc));
    await this.append(tx, state, await databaseNow(tx));
    this.sequence = 1;
    await tx.workspaceDocument.create({ data: { attemptTaskId: this.attemptTaskId, state, sequence: 1 } });
  }

  /** Whether there was anything. */
  private async takeIn(tx: Transaction): Promise<boolean> {
    const updates = await tx.workspaceUpdate.findMany({
      where: { attemptTaskId: this.attemptTaskId, sequence: { gt: this.sequence } },
      orderBy: { sequence: 'asc' },
      select: { sequence: true, bytes: true },
    });
    this.apply(updates);
    return updates.length > 0;
  }

  private apply(parts: readonly { sequence: number; bytes: Uint8Array }[]): void {
    const last = parts.at(-1);
    if (!last) return;
    Y.applyUpdate(this.doc, Y.mergeUpdates(parts.map(({ bytes }) => bytes)), STORED);
    this.sequence = last.sequence;
    this.storedBytes += parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  private async store(tx: Transaction, batch: Uint8Array[], touched: readonly string[], now: Date) {
    const { files, unsaved } = projectFiles(this.doc, this.saved);
    const stateVector = Y.encodeStateVector(this.doc);
    const sequence = this.sequence + (batch.length > 0 ? 1 : 0);
    const isStateDue = batch.length > 0 && sequence % UPDATES_BETWEEN_STATES === 0;
    const state = isStateDue ? new Uint8Array(Y.encodeStateAsUpdate(this.doc)) : null;
    const changed = files
      .filter(({ path, content }) => this.saved.get(path)?.content !== content || touched.includes(path))
      .map((file) => ({ ...file, revision: (this.saved.get(file.path)?.revision ?? 0) + 1 }));
    const kept = new Set(files.map(({ path }) => path));
    const gone = [...this.saved.keys()].filter((path) => !kept.has(path));
    const update = batch.length > 0 ? Y.mergeUpdates(batch) : null;

    if (update) await this.append(tx, update, now);
    if (gone.length > 0) {
      await tx.workspaceFile.deleteMany({ where: { attemptTaskId: this.attemptTaskId, path: { in: gone } } });
    }
    if (changed.length > 0) await this.upsertFiles(tx, changed, now);
    if (state) {
      await tx.workspaceDocument.update({
        where: { attemptTaskId: this.attemptTaskId },
        data: { state, sequence },
      });
    }
    return { now, unsaved, stateVector, sequence, changed, gone, bytes: update?.length ?? 0 };
  }

  private adopt(stored: Awaited<ReturnType<OpenWorkspace['store']>>): void {
    this.sequence = stored.sequence;
    this.storedBytes += stored.bytes;
    this.unsaved = stored.unsaved;
    this.savedAt = stored.now;
    for (const path of stored.gone) this.saved.delete(path);
    for (const { path, content, revision } of stored.changed) this.saved.set(path, { content, revision });
  }

  /** Appends an update and tells every process that it is there. */
  private async append(tx: Transaction, update: Uint8Array, at: Date): Promise<void> {
    if (this.isFull)
      throw new AppError('file.no_room', 'This project has been changed too much to be saved.');
    await tx.$executeRaw`
      WITH stored AS (
        INSERT INTO workspace_update (attempt_task_id, sequence, bytes, at)
        VALUES (${this.attemptTaskId}::uuid, ${this.sequence + 1}, ${Buffer.from(update)}, ${at})
        RETURNING sequence)
      SELECT pg_notify(${EVENT_CHANNEL}, ${workspaceNews(this.attemptTaskId)} || ' ' || sequence) FROM stored`;
  }

  private async upsertFiles(
    tx: Transaction,
    files: readonly { path: string; content: string; revision: number }[],
    now: Date,
  ): Promise<void> {
    const rows = files.map(
      ({ path, content, revision }) =>
        Prisma.sql`(${this.attemptTaskId}::uuid, ${path}, ${content}, ${revision}::int, ${now})`,
    );
    await tx.$executeRaw`
      INSERT INTO workspace_file (attempt_task_id, path, content, revision, saved_at) VALUES ${Prisma.join(rows)}
      ON CONFLICT (attempt_task_id, path) DO UPDATE
        SET content = excluded.content, revision = excluded.revision, saved_at = excluded.saved_at`;
  }
}
