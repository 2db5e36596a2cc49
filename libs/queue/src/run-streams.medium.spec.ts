import { randomUUID } from 'node:crypto';
import type { ConsoleRequest } from '@assay/contracts/http';
import { loseQueue, testRedis } from '@assay/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RunStreams } from './run-streams.js';

const REQUEST: ConsoleRequest = { method: 'GET', target: '/', headers: [], body: '', bodyEncoding: 'text' };
const REPLY = { outcome: 'no_answer', message: 'It hangs.' } as const;
const LONG_MS = 20_000;

describe('the streams of a run', () => {
  const { url, prefix } = testRedis();
  let worker: RunStreams;
  let apis: [RunStreams, RunStreams];
  let redis: Redis;
  let runId: string;

  beforeEach(async () => {
    [worker, ...apis] = [1, 2, 3].map(() => new RunStreams(url, prefix)) as [
      RunStreams,
      RunStreams,
      RunStreams,
    ];
    redis = new Redis(url);
    runId = randomUUID();
    // Connected, each of them.
    for (const streams of [worker, ...apis]) await untilConnected(() => streams.isOpen(runId));
    await worker.open(runId);
  });
  afterEach(() => {
    for (const streams of [worker, ...apis]) streams.disconnect();
    redis.disconnect();
  });

  async function untilConnected(ask: () => Promise<unknown>): Promise<void> {
    for (;;) {
      const isThere = await ask().then(
        () => true,
        () => false,
      );
      if (isThere) return;
      await new Promise((again) => setTimeout(again, 10));
    }
  }

  const output = (text: string) => ({ type: 'output', text }) as const;

  it('bring each API the reply to what it has asked', async () => {
    const ids = [randomUUID(), randomUUID()];
    const news = await Promise.all(apis.map((api) => api.watch(runId)));
    const heard = await worker.watch(runId);
    const askedAt = await Promise.all(
      apis.map((api, i) => api.ask(runId, { id: ids[i] ?? '', request: REQUEST })),
    );
    await heard.next(LONG_MS);
    const asked = await worker.readRequests(runId, '0');
    expect(asked.map(({ request }) => request.id).sort()).toEqual([...ids].sort());
    expect(await worker.readRequests(runId, asked.at(-1)?.at ?? '0')).toEqual([]);
    for (const { request } of asked)
      await worker.reply(runId, { id: request.id, reply: { ...REPLY, message: request.id } });
    for (const [i, api] of apis.entries()) {
      await news[i]?.next(LONG_MS);
      expect(await api.findReply(runId, askedAt[i] ?? '', ids[i] ?? '')).toEqual({
        ...REPLY,
        message: ids[i],
      });
      expect(await api.findReply(runId, askedAt[i] ?? '', randomUUID())).toBeNull();
    }
    for (const one of [...news, heard]) one.close();
  });

  it('tell news that came while nobody waited, once', async () => {
    const over = new AbortController();
    const news = await apis[0].watch(runId, over.signal);
    await worker.wake(runId);
    await news.next(LONG_MS);
    // Nothing more: the wait lasts.
    const startedAtMs = performance.now();
    await news.next(100);
    expect(performance.now() - startedAtMs).toBeGreaterThan(50);
    over.abort();
    await news.next(LONG_MS);
    expect(performance.now() - startedAtMs).toBeLessThan(LONG_MS);
    news.close();
  });

  it('give output after any sequence, keep the end of it, and refuse a second writer', async () => {
    for (let i = 1; i <= 600; i++) await worker.tell(runId, i, output(String(i)));
    expect((await apis[0].readOutput(runId, 598)).map(({ sequence }) => sequence)).toEqual([599, 600]);
    const kept = await apis[1].readOutput(runId, 0);
    expect(kept).toHaveLength(512);
    expect(kept.at(-1)).toEqual({ sequence: 600, event: output('600') });
    await expect(worker.tell(runId, 600, output('again'))).rejects.toThrow(/equal or smaller/);
  });

  it('are known to be lost when Redis has lost them, and expire in any case', async () => {
    await worker.tell(runId, 1, output('a'));
    await worker.ask(runId, { id: randomUUID(), request: REQUEST });
    const keys = await redis.keys(`${prefix}:run:${runId}:*`);
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(600);
    await worker.close(runId);
    expect(await worker.isOpen(runId)).toBe(false);
    for (const key of await redis.keys(`${prefix}:run:${runId}:*`))
      expect(await redis.ttl(key)).toBeLessThanOrEqual(60);
    expect(await apis[0].readOutput(runId, 0)).toHaveLength(1);

    await worker.open(runId);
    await loseQueue({ url, prefix });
    expect(await worker.isOpen(runId)).toBe(false);
  });

  it('pass over what another version has written', async () => {
    await redis.xadd(`${prefix}:run:${runId}:out`, '1-0', 'json', '{"type":"unheard of"}');
    await worker.tell(runId, 2, output('known'));
    expect(await apis[0].readOutput(runId, 0)).toEqual([{ sequence: 2, event: output('known') }]);
  });

  it('fail within seconds when there is no Redis, and do not keep whoever watches', async () => {
    const away = new RunStreams('redis://127.0.0.1:1', prefix);
    await expect(away.isOpen(runId)).rejects.toThrow();
    await expect(away.ask(runId, { id: randomUUID(), request: REQUEST })).rejects.toThrow();
    const news = await away.watch(runId);
    await news.next(10);
    news.close();
    away.disconnect();
  });
});
