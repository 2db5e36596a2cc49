import { type DocumentFile, listFiles } from '@assay/workspace-document';
import { HocuspocusProvider, type HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { noteEdit } from '../../attempt/heartbeat.js';
import { observable } from '../../attempt/observable.js';
import type { LanguageClient } from '../language/language-client.js';
import { covers, NOTHING_SAVED, nextSaveState, type SaveEvent } from './save-state.js';
import { CLOSED_WORDS, readServerWord } from './server-words.js';

/** A file as the tree and the tabs know it. */
export interface ListedFile {
  id: string;
  path: string;
}

/**
 * One task's document in this tab: its copy in IndexedDB, which outlives the tab, and its connection, which merges it
 * with the server's. Whatever changes is an observable.
 */
export class WorkspaceSession {
  readonly doc = new Y.Doc();
  readonly files = observable<ListedFile[]>([]);
  readonly save = observable(NOTHING_SAVED);
  /** Whether the files are here, from this browser or from the server. */
  readonly isReady = observable(false);
  /** Why nothing may be changed, in a sentence; null while everything may. */
  readonly closed = observable<string | null>(null);
  /** Why the server has not saved a file as it stands, by its path; by none: why it takes nothing from here any more. */
  readonly refusals = observable<ReadonlyMap<string, string>>(new Map());
  /** Grows with every change of the files, whoever made it. */
  readonly version = observable(0);
  private readonly provider: HocuspocusProvider;
  private readonly persistence: IndexeddbPersistence;
  private readonly undoManagers = new Map<string, Y.UndoManager>();
  private lastSaved: { at: string; vector: Uint8Array } | null = null;

  constructor(
    attemptId: string,
    readonly taskId: string,
    socket: HocuspocusProviderWebsocket,
    private readonly language: LanguageClient,
  ) {
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => this.afterTransaction(transaction));
    this.persistence = new IndexeddbPersistence(`assay:${attemptId}:${taskId}`, this.doc);
    this.persistence.once('synced', () => {
      if (listFiles(this.doc).length > 0) this.isReady.set(true);
    });
    this.provider = new HocuspocusProvider({
      websocketProvider: socket,
      name: taskId,
      document: this.doc,
      onSynced: () => {
        this.isReady.set(true);
        this.note({ type: 'connected' });
      },
      onClose: () => this.note({ type: 'disconnected' }),
      onStateless: ({ payload }) => this.hear(payload),
      onUnsyncedChanges: () => this.compare(),
    });
    this.provider.attach();
  }

  /** The live text of a file; null when it is gone. */
  find(id: string): DocumentFile | null {
    return listFiles(this.doc).find((file) => file.id === id) ?? null;
  }

  /** Undo of one file's edits that were made in this tab. */
  undoOf({ id, text }: DocumentFile): Y.UndoManager {
    const known = this.undoManagers.get(id);
    if (known) return known;
    const made = new Y.UndoManager(text, { captureTimeout: 400 });
    this.undoManagers.set(id, made);
    return made;
  }

  /** Resolves to whether everything that was done here is saved, at the latest after so long. */
  whenSaved(withinMs: number): Promise<boolean> {
    const isSaved = () => this.save.get().pending === 0 && this.save.get().isConnected;
    if (isSaved()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        unsubscribe();
        resolve(isSaved());
      };
      const timer = setTimeout(settle, withinMs);
      const unsubscribe = this.save.subscribe(() => isSaved() && settle());
    });
  }

  close(): void {
    this.provider.destroy();
    void this.persistence.destroy();
    this.doc.destroy();
  }

  private note(event: SaveEvent): void {
    this.save.set(nextSaveState(this.save.get(), event));
  }

  private hear(payload: string): void {
    const word = readServerWord(payload);
    if (word?.type === 'saved') {
      this.lastSaved = { at: word.at, vector: fromBase64(word.stateVector) };
      this.refusals.set(new Map(word.unsaved.map(({ path, detail }) => [path, detail])));
      this.compare();
    } else if (word?.type === 'refused') {
      this.refusals.set(new Map(this.refusals.get()).set(word.path ?? '', word.detail));
    } else if (word?.type === 'closed') {
      this.closed.set(CLOSED_WORDS[word.reason]);
    }
  }

  /**
   * Holds what was said to be saved against what is here. What only deletes is in no state vector: so the word must have
   * come after the last edit, and with nothing on its way.
   */
  private compare(): void {
    if (!this.lastSaved || this.provider.unsyncedChanges > 0) return;
    const isComplete = covers(this.lastSaved.vector, Y.encodeStateVector(this.doc));
    this.note({ type: 'saved', at: this.lastSaved.at, isComplete });
  }

  private afterTransaction({ changed, local, origin }: Y.Transaction): void {
    if (changed.size === 0) return;
    const files = listFiles(this.doc);
    this.tellLanguage(files, changed);
    const listed = files.map(({ id, path }) => ({ id, path }));
    if (!isSameList(listed, this.files.get())) this.files.set(listed);
    this.version.set(this.version.get() + 1);
    if (!local || origin === this.provider || origin === this.persistence) return;
    this.lastSaved = null;
    noteEdit();
    this.note({ type: 'edited' });
  }

  private tellLanguage(files: DocumentFile[], changed: Y.Transaction['changed']): void {
    const before = new Set(this.files.get().map(({ path }) => path));
    for (const { path, text } of files) {
      // The map's keys are of a wider type than a text's own.
      if (!before.delete(path) || changed.has(text as never)) this.language.tell(path, () => text.toJSON());
    }
    for (const path of before) this.language.tell(path, () => null);
  }
}

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const isSameList = (a: ListedFile[], b: ListedFile[]) =>
  a.length === b.length && a.every(({ id, path }, index) => id === b[index]?.id && path === b[index]?.path);
