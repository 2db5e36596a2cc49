import { EventEmitter } from 'node:events';
import { RunOutputEvent } from '@assay/contracts/events';
import { RunReply, RunRequest } from '@assay/contracts/jobs';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { connectRedis, connectRedisForRequests } from './redis.js';

/** What each stream of a run may hold at most; older entries go. Together with what one may hold, it bounds Redis's memory. */
const MAX_ENTRIES = { in: 32, reply: 32, out: 512 } as const;
type StreamName = keyof typeof MAX_ENTRIES;

/** Longer than any live run lives. */
const LIFE_SECONDS = 900;
/** For those who read its output at the moment of its end. */
const AFTERLIFE_SECONDS = 60;
const SUBSCRIBED_WITHIN_MS = 500;

/** Tells when there is something new in a run; never what. */
export interface RunNews {
  /** Resolves at the next news, at once if there were some since the last call, or after `limitMs`. */
  next(limitMs: number): Promise<void>;
  close(): void;
}

/**
 * What is said between the worker that holds a live run and the APIs: requests in, replies and output out, over Redis
 * streams that are bounded and expire. Any number of APIs may serve one run. Every method rejects within seconds when
 * Redis cannot be reached; nothing here is worth keeping when it is lost.
 */
export class RunStreams {
  private readonly redis: Redis;
  private readonly subscriber: Redis;
  private readonly news = new EventEmitter().setMaxListeners(0);

  constructor(
    url: string,
    private readonly prefix = 'assay',
  ) {
    this.redis = connectRedisForRequests(url);
    this.subscriber = connectRedis(url);
    this.subscriber.on('message', (channel: string) => this.news.emit(channel));
  }

  /** For the worker, before all else: from now on `isOpen` tells whether Redis has lost the run. */
  async open(runId: string): Promise<void> {
    await this.redis.set(this.key(runId, 'open'), '1', 'EX', LIFE_SECONDS);
  }

  /** False once Redis has lost what it held, or the run has ended. */
  async isOpen(runId: string): Promise<boolean> {
    return (await this.redis.exists(this.key(runId, 'open'))) === 1;
  }

  /** For the worker, once the run has ended. */
  async close(runId: string): Promise<void> {
    const streams = (Object.keys(MAX_ENTRIES) as StreamName[]).map((name) => this.key(runId, name));
    const expiry = this.redis.multi().del(this.key(runId, 'open'));
    for (const key of streams) expiry.expire(key, AFTERLIFE_SECONDS);
    await expiry.publish(this.key(runId, 'news'), '').exec();
  }

  /** API → worker. Gives where to look for the reply from. */
  async ask(runId: string, request: RunRequest): Promise<string> {
    return this.add(runId, 'in', '*', RunRequest.parse(request));
  }

  /** What was asked after `last`, with where it stands in the stream. Begin with `0`. */
  async readRequests(runId: string, last: string): Promise<{ at: string; request: RunRequest }[]> {
    const entries = await this.read(runId, 'in', last, RunRequest);
    return entries.map(({ at, value }) => ({ at, request: value }));
  }

  async reply(runId: string, reply: RunReply): Promise<void> {
    await this.add(runId, 'reply', '*', RunReply.parse(reply));
  }

  /** The reply to what was asked as `id`, of those that came after `askedAt`. */
  async findReply(runId: string, askedAt: string, id: string): Promise<RunReply['reply'] | null> {
    const entries = await this.read(runId, 'reply', askedAt, RunReply);
    return entries.find(({ value }) => value.id === id)?.value.reply ?? null;
  }

  /** Worker → whoever follows. `sequence`: one more than the last one's, from 1; another writer's is refused. */
  async tell(runId: string, sequence: number, event: RunOutputEvent): Promise<void> {
    await this.add(runId, 'out', `${sequence}-0`, RunOutputEvent.parse(event));
  }

  /** What was told after a sequence, as far as it is kept. */
  async readOutput(runId: string, sequence: number): Promise<{ sequence: number; event: RunOutputEvent }[]> {
    const entries = await this.read(runId, 'out', `${sequence}-0`, RunOutputEvent);
    return entries.map(({ at, value }) => ({ sequence: Number.parseInt(at, 10), event: value }));
  }

  /** Wakes everybody who watches the run: its row has changed. */
  async wake(runId: string): Promise<void> {
    await this.redis.publish(this.key(runId, 'news'), '');
  }

  /**
   * Subscribes to the news of a run: watch first, then look, and nothing is missed. That `signal` aborts is news, too.
   * Never rejects.
   */
  async watch(runId: string, signal?: AbortSignal): Promise<RunNews> {
    const channel = this.key(runId, 'news');
    let isNew = false;
    let tell = () => {};
    const hear = () => {
      isNew = true;
      tell();
    };
    this.news.on(channel, hear);
    signal?.addEventListener('abort', hear);
    // While Redis is away it waits for it; who watches then looks by themselves.
    await within(SUBSCRIBED_WITHIN_MS, this.subscriber.subscribe(channel));
    return {
      async next(limitMs) {
        if (!isNew) {
          await within(
            limitMs,
            new Promise<void>((resolve) => {
              tell = resolve;
            }),
          );
        }
        isNew = false;
      },
      close: () => {
        this.news.off(channel, hear);
        signal?.removeEventListener('abort', hear);
        if (this.news.listenerCount(channel) === 0)
          void this.subscriber.unsubscribe(channel).catch(() => undefined);
      },
    };
  }

  disconnect(): void {
    this.subscriber.disconnect();
    this.redis.disconnect();
  }

  private key(runId: string, name: StreamName | 'open' | 'news'): string {
    return `${this.prefix}:run:${runId}:${name}`;
  }

  private async add(runId: string, name: StreamName, id: string, value: object): Promise<string> {
    const key = this.key(runId, name);
    const results = await this.redis
      .multi()
      .xadd(key, 'MAXLEN', MAX_ENTRIES[name], id, 'json', JSON.stringify(value))
      .expire(key, LIFE_SECONDS)
      .publish(this.key(runId, 'news'), '')
      .exec();
    const [error, added] = results?.[0] ?? [new Error('Redis did not take it'), null];
    if (error) throw error;
    return String(added);
  }

  /** What does not parse is passed over: it was written by another version of ours. */
  private async read<S extends z.ZodType>(
    runId: string,
    name: StreamName,
    after: string,
    schema: S,
  ): Promise<{ at: string; value: z.output<S> }[]> {
    const entries = await this.redis.xrange(this.key(runId, name), `(${after}`, '+');
    return entries.flatMap(([at, [, json = 'null']]) => {
      const parsed = schema.safeParse(JSON.parse(json));
      return parsed.success ? [{ at, value: parsed.data }] : [];
    });
  }
}

/** Resolves when `promise` has settled or the time is over. */
async function within(limitMs: number, promise: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    const settle = () => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(settle, settle);
  });
}
