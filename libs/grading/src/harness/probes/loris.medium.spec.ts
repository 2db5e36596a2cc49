import { afterAll, describe, expect, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const PROBE = { probe: 'loris', ping: '/ping', closedWithinMs: 4_000 };
const judge = (candidate: string) => judgeBy(engine, PROBE, STRICT, candidate);

const withOptions = (options: string, after = '') =>
  `${serving('').replace('http.createServer(', `http.createServer(${options}, `)}${after}`;
const STRICT = withOptions(
  '{ headersTimeout: 1000, requestTimeout: 1500, connectionsCheckingInterval: 200 }',
);
const NEVER = '{ headersTimeout: 0, requestTimeout: 0 }';
const STILL_OPEN = 'Connections whose request does not come to its end must be closed.';

describe('loris', () => {
  test('passes a server that has a limit for heads', async () => {
    expect(await judge(STRICT)).toEqual(PASSED);
  });

  test('fails one that waits for ever', async () => {
    expect(await judge(withOptions(NEVER))).toEqual({
      verdict: 'failed',
      message: STILL_OPEN,
      expected: 'all closed within 4 s',
      actual: '50 of 50 still open',
    });
  });

  test('fails one that is content with any sign of life', async () => {
    const idle = withOptions(NEVER, `server.setTimeout(2000, (socket) => socket.destroy());`);
    expect((await judge(idle)).message).toBe(STILL_OPEN);
  });

  test('fails one that has no room for others meanwhile', async () => {
    const full = withOptions(
      '{ headersTimeout: 1000, requestTimeout: 1500, connectionsCheckingInterval: 200 }',
      'server.maxConnections = 20;',
    );
    expect(await judge(full)).toMatchObject({
      verdict: 'failed',
      message: expect.stringContaining('GET /ping'),
    });
  });
});
