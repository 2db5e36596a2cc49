import type { CollaborationMessage } from '@assay/contracts/events';
import { AppError } from '@assay/core/error';
import { type Database, type EventFeed, OpenWorkspace, type Saving, workspaceNews } from '@assay/db';
import type { Logger } from '@assay/platform';
import type { Document } from '@hocuspocus/server';
import { type ClosedReason, closedReason, isOver } from './closed-reason.js';
import { LateEdits } from './late-edits.js';

/** What arrives is stored within a second: this long after the first of it, plus a commit. */
const SAVE_AFTER_MS = 300;
const RETRY_AFTER_MS = 1_000;
/** Of updates that a process takes for one document: what it cannot store yet waits in its memory. */
const MAX_RECEIVED_BYTES = 64 * 1024 * 1024;

/** One document that people have open: it stores what they type, tells them so, and follows what others store. */
export class LiveWorkspace {
  private timer: NodeJS.Timeout | null = null;
  private readonly ends: (() => void)[] = [];
  private receivedBytes = 0;
  private refusedPaths = new Set<string>();
  private isClosed = false;
  readonly late: LateEdits;

  private constructor(
    db: Database,
    private readonly logger: Logger,
    readonly document: Document,
    readonly stored: OpenWorkspace,
    private readonly onClosed: (reason: ClosedReason) => void,
  ) {
    this.late = new LateEdits(db, logger, stored);
  }

  /** Fills the document with what is stored. `onClosed` is called once, when nothing more can be saved in it. */
  static async open(
    { db, feed, logger }: { db: Database; feed: EventFeed; logger: Logger },
    { attemptId, taskId }: { attemptId: string; taskId: string },
    document: Document,
    onClosed: (reason: ClosedReason) => void,
  ): Promise<LiveWorkspace> {
    const stored = await OpenWorkspace.open(db, attemptId, taskId, document);
    const live = new LiveWorkspace(db, logger, document, stored, onClosed);
    document.on('update', () => live.saveSoon(SAVE_AFTER_MS));
    live.ends.push(feed.watch(workspaceNews(stored.attemptTaskId), (sequence) => live.follow(sequence)));
    return live;
  }

  /** Whether this many more bytes are taken. */
  takes(bytes: number): boolean {
    this.receivedBytes += bytes;
    return this.receivedBytes <= MAX_RECEIVED_BYTES && !this.stored.isFull;
  }

  /** Stores what is pending. Never throws: what could not be stored is tried again, or kept as late. */
  async save(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.late.keep();
    await this.stored.settled();
    if (!this.stored.hasPending) return;
    try {
      this.tell(await this.stored.save());
    } catch (error) {
      await this.afterFailure(error);
    }
  }

  /** A change over REST: stored before this returns, and told to everybody. Throws as `work` does. */
  async change<T>(work: (stored: OpenWorkspace) => Promise<T>): Promise<T> {
    const result = await work(this.stored);
    this.tell(this.stored.standing);
    return result;
  }

  /** To tell a new connection: what is stored, unless the next saving is about to say it. */
  standing(): CollaborationMessage | null {
    return this.stored.hasPending ? null : savedMessage(this.stored.standing);
  }

  /** Nothing more is saved in it: what is still pending came too late. */
  async close(reason: ClosedReason): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.forget();
    const late = isOver(reason) ? await this.stored.giveUpPending() : null;
    if (late) this.late.add(late);
    await this.late.keep();
    this.broadcast({ type: 'closed', reason });
    this.onClosed(reason);
  }

  /** Stops following and saving. The caller has saved. */
  forget(): void {
    this.isClosed = true;
    this.late.stop();
    if (this.timer) clearTimeout(this.timer);
    for (const end of this.ends) end();
  }

  private saveSoon(ms: number): void {
    if (this.timer || this.isClosed || !this.stored.hasPending) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.save();
    }, ms);
  }

  private async afterFailure(error: unknown): Promise<void> {
    const reason = closedReason(error);
    if (reason) return this.close(reason);
    if (error instanceof AppError) {
      this.broadcast({ type: 'refused', path: null, code: error.code, detail: error.detail ?? error.code });
    } else {
      this.logger.warn({ err: error, attemptTaskId: this.stored.attemptTaskId }, 'edits wait to be stored');
    }
    this.saveSoon(RETRY_AFTER_MS);
  }

  private follow(sequence: string): void {
    const upTo = sequence === '' ? undefined : Number(sequence);
    this.stored.catchUp(upTo).then(
      (hasNews) => hasNews && !this.stored.hasPending && this.tell(this.stored.standing),
      (error: unknown) => this.logger.warn({ err: error }, 'what others have stored is not read'),
    );
  }

  private tell(saving: Saving): void {
    const unsaved = new Set(saving.unsaved.map(({ path }) => path));
    for (const file of saving.unsaved) {
      if (!this.refusedPaths.has(file.path)) this.broadcast({ type: 'refused', ...file });
    }
    this.refusedPaths = unsaved;
    this.broadcast(savedMessage(saving));
  }

  private broadcast(message: CollaborationMessage): void {
    this.document.broadcastStateless(JSON.stringify(message));
  }
}

function savedMessage({ at, stateVector, unsaved }: Saving): CollaborationMessage {
  const vector = Buffer.from(stateVector).toString('base64');
  return { type: 'saved', at: at.toISOString(), stateVector: vector, unsaved };
}
