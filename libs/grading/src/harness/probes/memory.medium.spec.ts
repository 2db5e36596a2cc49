import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';
import { steadyGrowth } from './memory.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

/** Short: what each request leaves behind below is large. Thousands of requests all the same, on a busy machine too. */
jest.setTimeout(180_000);
const PROBE = { probe: 'memory', request: '/things', warmUp: 800, windows: 4, requestsPerWindow: 200 };
const judge = (candidate: string) => judgeBy(engine, PROBE, CLEAN, candidate);

const CLEAN = serving(`return response.end(JSON.stringify(Array.from({ length: 50 }, (_, i) => ({ i }))));`);
const keeping = (code: string) =>
  serving(`${code} return response.end('ok');`, 'const kept = []; process.setMaxListeners(0);');

describe('memory', () => {
  test('passes a server that keeps nothing', async () => {
    expect(await judge(CLEAN)).toEqual(PASSED);
  });

  test('passes one whose cache has its limits', async () => {
    const bounded = keeping('kept.push(Buffer.alloc(20_000, 1)); if (kept.length > 100) kept.shift();');
    expect(await judge(bounded)).toEqual(PASSED);
  });

  test.each([
    ['keeps what it has answered', 'kept.push(Buffer.alloc(20_000, 1));'],
    [
      'adds a listener each time',
      `const body = 'x'.repeat(20_000) + kept.length; process.on('SIGUSR2', () => Buffer.from(body));
      JSON.parse(JSON.stringify(body));`,
    ],
  ])('fails one that %s', async (_what, code) => {
    expect(await judge(keeping(code))).toMatchObject({
      verdict: 'failed',
      message: 'Memory must not grow with the number of requests that were answered.',
      actual: expect.stringMatching(/^\d+(\.\d+)? MiB for every 1,000 requests$/),
    });
  });

  test('fails one that refuses after a while', async () => {
    const weary = keeping(`kept.push(1); if (kept.length > 1200) return response.writeHead(503).end();`);
    expect(await judge(weary)).toMatchObject({
      message: 'GET /things must be answered with 2xx however often it comes.',
      actual: '503',
    });
  });
});

test('growth is what goes on, not steps that a heap makes', () => {
  expect(steadyGrowth([10, 12, 14, 16, 18, 20])).toBe(2);
  expect(steadyGrowth([10, 12, 14, 16, 18, 90])).toBe(2);
  expect(steadyGrowth([31.4, 41.3, 44.3, 45.5, 45.3, 44.6])).toBeCloseTo(0.1);
  expect(steadyGrowth([5, 5, 5, 5])).toBe(0);
});
