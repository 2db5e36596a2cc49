import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { z } from 'zod';
import type { Database } from './database.js';
import { EVENT_CHANNEL, listEventsAfter } from './events.js';

/** Even if a notification is lost (Postgres restarted), a follower looks again after this long. */
const LOOK_AGAIN_MS = 5_000;
const RECONNECT_MS = 1_000;

/** Tells followers of a stream that rows were added: one LISTEN connection a process, however many followers. */
export class EventFeed {
  private readonly wakeUps = new EventEmitter().setMaxListeners(0);
  private client: pg.Client | null = null;
  private reconnect: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    private readonly db: Database,
    private readonly lookAgainMs = LOOK_AGAIN_MS,
  ) {}

  /** Events after `sequence`, then new ones as they commit, until `signal` aborts. */
  async *follow<S extends z.ZodType>(
    stream: string,
    sequence: number,
    schema: S,
    signal: AbortSignal,
  ): AsyncGenerator<{ sequence: number; event: z.output<S> }> {
    this.connect();
    let last = sequence;
    while (!signal.aborted) {
      // Listen before looking: what commits in between is then not missed.
      const wakeUp = this.nextWakeUp(stream, signal);
      try {
        const events = await listEventsAfter(this.db, stream, last, schema);
        for (const event of events) {
          yield event;
          last = event.sequence;
        }
        if (events.length === 0) await wakeUp.promise;
      } finally {
        // Also when the follower leaves in the middle of what it gets.
        wakeUp.cancel();
      }
    }
  }

  /**
   * Calls `onNews` whenever something is told about `key` (a stream or a workspace), with what is told
   * besides; and when a connection that was lost is back, since nobody knows what was told meanwhile. Gives the end.
   */
  watch(key: string, onNews: (detail: string) => void): () => void {
    this.connect();
    this.wakeUps.on(key, onNews);
    return () => void this.wakeUps.off(key, onNews);
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.reconnect) clearTimeout(this.reconnect);
    await this.client?.end().catch(() => undefined);
  }

  private nextWakeUp(stream: string, signal: AbortSignal): { promise: Promise<void>; cancel: () => void } {
    let cancel = () => {};
    const promise = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.lookAgainMs);
      const wake = () => resolve();
      this.wakeUps.once(stream, wake);
      signal.addEventListener('abort', wake, { once: true });
      cancel = () => {
        clearTimeout(timer);
        this.wakeUps.off(stream, wake);
        signal.removeEventListener('abort', wake);
      };
    });
    return { promise, cancel };
  }

  /** Connects on first use and again after a loss; followers meanwhile look by themselves. */
  private connect(): void {
    if (this.client || this.closed) return;
    const client = new pg.Client({ connectionString: this.db.url });
    this.client = client;
    client.on('notification', ({ payload = '' }) => {
      const [key = '', detail = ''] = payload.split(' ');
      this.wakeUps.emit(key, detail);
    });
    const lost = () => {
      if (this.client !== client) return;
      this.client = null;
      if (!this.closed) this.reconnect = setTimeout(() => this.connect(), RECONNECT_MS);
    };
    client.on('error', lost);
    client.on('end', lost);
    client
      .connect()
      .then(() => client.query(`LISTEN ${EVENT_CHANNEL}`))
      // What committed before this was told to nobody: everyone looks once.
      .then(() => this.wakeUps.eventNames().forEach((key) => void this.wakeUps.emit(key, '')))
      .catch(lost);
  }
}
