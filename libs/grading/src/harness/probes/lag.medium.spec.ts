import { afterAll, describe, expect, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const PROBE = { probe: 'lag', ping: '/ping', heavy: 'POST /report', seconds: 2 };

/** 60 ms of computing that leaves the loop free. */
const OFFLOADED = serving(
  `await new Promise((resolve, reject) => scrypt('a', 'b', 32, { N: 16384 }, (error) => error ? reject(error) : resolve()));
   return response.end('done');`,
  `import { scrypt } from 'node:crypto';`,
);
const judge = (candidate?: string) => judgeBy(engine, PROBE, OFFLOADED, candidate);

describe('lag', () => {
  test('passes a server whose loop stays free', async () => {
    expect(await judge()).toEqual(PASSED);
  });

  test('fails one that computes on the loop', async () => {
    const blocking = OFFLOADED.replace(/await new Promise.*;/, `scryptSync('a', 'b', 32);`).replace(
      '{ scrypt }',
      '{ scryptSync }',
    );
    expect(await judge(blocking)).toMatchObject({
      verdict: 'failed',
      message: 'While heavy requests are worked on, other requests must be answered quickly.',
      expected: expect.stringMatching(/^at most \d+(\.\d+)? ms, from the reference's/),
      actual: expect.stringMatching(/^\d+(\.\d+)? ms$/),
    });
  });

  test('fails one that makes everybody wait for a lock', async () => {
    const locked = OFFLOADED.replace(
      `if (path === '/ping') return response.end('pong');`,
      `const before = last; let release; last = new Promise((resolve) => { release = resolve; }); await before;
       response.once('close', release);
       if (path === '/ping') return response.end('pong');`,
    ).replace('import http', 'let last = Promise.resolve();\nimport http');
    expect((await judge(locked)).message).toBe(
      'While heavy requests are worked on, other requests must be answered quickly.',
    );
  });

  test('fails one that does not do its heavy work', async () => {
    const lazy = serving('return response.writeHead(503).end();');
    expect(await judge(lazy)).toMatchObject({
      message: 'POST /report must be answered with 2xx.',
      expected: 'a 2xx status',
      actual: '503',
    });
  });
});
