import { AppError } from '@assay/core/error';
import { type Database, recordLateUpdate } from '@assay/db';
import type { Logger } from '@assay/platform';
import { decodeUpdate, mergeUpdates } from 'yjs';

const KEEP_AFTER_MS = 300;
const RETRY_AFTER_MS = 2_000;
/** What cannot be kept yet waits in memory, up to so much of one document. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** What still arrives of a workspace that has ended: gathered, then kept apart from what was submitted. */
export class LateEdits {
  private waiting: Uint8Array[] = [];
  private bytes = 0;
  private isStopped = false;
  private timer: NodeJS.Timeout | null = null;
  private keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
    private readonly workspace: { attemptId: string; attemptTaskId: string },
  ) {}

  /** Throws when it is no update: what could not be merged would hold up the rest for ever. */
  add(update: Uint8Array): void {
    decodeUpdate(update);
    if (this.bytes + update.length > MAX_WAITING_BYTES) return;
    this.waiting.push(update);
    this.bytes += update.length;
    this.timer ??= setTimeout(() => void this.keep(), KEEP_AFTER_MS);
  }

  /** Keeps what waits. Never throws: what could not be kept waits on. */
  keep(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.keeping = this.keeping.then(() => this.keepWaiting());
    return this.keeping;
  }

  /** Tries no more. */
  stop(): void {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private async keepWaiting(): Promise<void> {
    if (this.waiting.length === 0) return;
    const batch = this.waiting;
    this.waiting = [];
    try {
      await recordLateUpdate(this.db, this.workspace, mergeUpdates(batch));
      this.bytes = this.waiting.reduce((sum, { length }) => sum + length, 0);
    } catch (error) {
      // More than is kept.
      if (error instanceof AppError) return;
      this.logger.warn(
        { err: error, attemptTaskId: this.workspace.attemptTaskId },
        'late edits wait to be kept',
      );
      this.waiting = [...batch, ...this.waiting];
      if (!this.isStopped) this.timer ??= setTimeout(() => void this.keep(), RETRY_AFTER_MS);
    }
  }
}
