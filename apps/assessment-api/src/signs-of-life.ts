import { type Database, recordSignOfLife } from '@assay/db';
import type { Logger } from '@assay/platform';

const EVERY_MS = 2_000;

/**
 * Writes down that this process serves, so that an outage is known afterwards, whatever ended the process. A time in
 * which no process of ours did so is credited to every candidate whose clock ran.
 */
export class SignsOfLife {
  private timer: NodeJS.Timeout | null = null;
  private lifeId: string | null = null;
  private last: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
  ) {}

  /** Gives the first sign, then others until it is stopped. */
  async start(): Promise<void> {
    await this.give();
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.last = this.start();
    }, EVERY_MS);
  }

  /** Gives the last sign. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.last;
    await this.give();
  }

  /** Without the database nobody is served, so that no sign is the right one. */
  private async give(): Promise<void> {
    try {
      this.lifeId = await recordSignOfLife(this.db, this.lifeId);
    } catch (error) {
      this.logger.warn({ err: error }, 'no sign of life could be written; the next one follows');
    }
  }
}
