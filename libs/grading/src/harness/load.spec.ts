import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createHttpClient } from './http-client.js';
import { createLoadTool } from './load.js';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handle: http.RequestListener) {
  const server = http.createServer(handle);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createHttpClient((server.address() as net.AddressInfo).port); // listening on TCP
  return { client, load: createLoadTool(client) };
}

const get = (i: number) => ({ method: 'GET', path: `/${i}` });

describe('openLoop', () => {
  test('sends on schedule and counts what came', async () => {
    let lastArrivalMs = 0;
    const { load } = await serve((request, response) => {
      lastArrivalMs = performance.now();
      response.statusCode = request.url === '/3' ? 404 : 200;
      response.end();
    });
    const startMs = performance.now();
    const result = await load.openLoop({ perSecond: 50, seconds: 0.4, request: get });
    expect(result.statuses).toEqual({ 200: 19, 404: 1 });
    expect(result.errors).toBe(0);
    expect(result.latenciesMs).toHaveLength(20);
    const sorted = result.latenciesMs.toSorted((a, b) => a - b);
    expect([result.p50, result.p95, result.max]).toEqual([sorted[9], sorted[18], sorted[19]]);
    expect(lastArrivalMs - startMs).toBeGreaterThan(370); // the last is due after 380 ms
  });

  test('a stall of 300 ms shows, though every answer is fast otherwise; a closed loop would not show it', async () => {
    /** Answers at once, but when the 40th request comes it stands still for 300 ms. */
    const stalling = () => {
      let count = 0;
      let stallEndMs = 0;
      return serve((_request, response) => {
        count += 1;
        if (count === 40) stallEndMs = performance.now() + 300;
        setTimeout(() => response.end(), Math.max(0, stallEndMs - performance.now()));
      });
    };
    const open = await stalling();
    const result = await open.load.openLoop({ perSecond: 100, seconds: 1.5, request: get });
    expect(result.p95).toBeGreaterThan(150);

    const closed = await stalling();
    const latenciesMs: number[] = [];
    const running = closed.load.keepRunning(1, async () => {
      const startMs = performance.now();
      await closed.client.get('/');
      latenciesMs.push(performance.now() - startMs);
    });
    while (latenciesMs.length < 150) await new Promise((resolve) => setImmediate(resolve));
    await running.stop();
    expect(Math.max(...latenciesMs)).toBeGreaterThan(150); // it met the stall, once
    const p95 = latenciesMs.toSorted((a, b) => a - b)[Math.ceil(0.95 * latenciesMs.length) - 1];
    expect(p95).toBeLessThan(150);
  });

  test('what is refused or comes too late counts as slow', async () => {
    const { load } = await serve((request, response) => {
      if (request.url === '/0') request.socket.destroy();
      else if (request.url === '/1') response.end();
    });
    const result = await load.openLoop({ perSecond: 1000, seconds: 0.003, request: get, timeoutMs: 200 });
    expect(result.errors).toBe(2);
    expect(result.statuses).toEqual({ 200: 1 });
    expect(result.latenciesMs[0]).toBeGreaterThanOrEqual(200);
    expect(result.latenciesMs[2]).toBeGreaterThanOrEqual(200);
  });

  test('a mistake of the check is not a fault of the server', async () => {
    const { load } = await serve((_request, response) => response.end());
    const mistake = () => {
      throw new TypeError('no such request');
    };
    await expect(load.openLoop({ perSecond: 10, seconds: 0.1, request: mistake })).rejects.toThrow(
      'no such request',
    );
  });
});

describe('keepRunning', () => {
  test('calls again as soon as a call ends, on all workers, until it is stopped', async () => {
    const { load, client } = await serve((_request, response) => response.end());
    const seen = new Set<string>();
    const running = load.keepRunning(3, async (worker, i) => {
      await client.get('/');
      seen.add(`${worker} ${i}`);
      if (i % 2 === 1) throw new Error('counted, and goes on');
    });
    while (!['0 3', '1 3', '2 3'].every((call) => seen.has(call)))
      await new Promise((resolve) => setImmediate(resolve));
    const { count, errors } = await running.stop();
    expect(count).toBe(seen.size);
    expect(errors).toBe([...seen].filter((call) => Number(call.split(' ')[1]) % 2 === 1).length);
    await client.get('/');
    expect(seen.size).toBe(count);
  });

  test('work that waits for nothing does not keep everything else from running', async () => {
    const { load } = await serve((_request, response) => response.end());
    const running = load.keepRunning(2, () => Promise.reject(new Error('at once')));
    await new Promise((resolve) => setTimeout(resolve, 1));
    const { count, errors } = await running.stop();
    expect(errors).toBe(count);
  });
});
