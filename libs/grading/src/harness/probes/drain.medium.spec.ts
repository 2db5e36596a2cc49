import { afterAll, describe, expect, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const PROBE = { probe: 'drain', ping: '/ping', slow: '/slow', endsWithinMs: 1_500 };
const judge = (candidate: string) => judgeBy(engine, PROBE, DRAINING, candidate);

const SLOW = `await delay(800); return response.end('slow');`;
const onSigterm = (code: string) => serving(SLOW, `process.on('SIGTERM', () => { ${code} });`);
const DRAINING = onSigterm('server.close(() => process.exit(0)); server.closeIdleConnections();');

describe('drain', () => {
  test('passes a server that finishes what it has accepted', async () => {
    expect(await judge(DRAINING)).toEqual(PASSED);
  });

  test.each([
    ['does not handle the signal', serving(SLOW)],
    ['exits at once', onSigterm('process.exit(0);')],
  ])('fails one that %s', async (_what, candidate) => {
    expect(await judge(candidate)).toEqual({
      verdict: 'failed',
      message: 'Requests that are under way when SIGTERM comes must be answered completely, with 2xx.',
      expected: '10 answers',
      actual: '0 of 10',
    });
  });

  test('fails one that something keeps alive', async () => {
    const kept = onSigterm('server.close(); setInterval(() => {}, 1000);');
    expect((await judge(kept)).message).toBe(
      'After SIGTERM and its last answer, the process must end by itself.',
    );
  });

  test('fails one that ends too late', async () => {
    const late = onSigterm('server.close(() => setTimeout(() => process.exit(0), 2000));');
    expect(await judge(late)).toMatchObject({
      message: 'After SIGTERM, the process must end soon after its last answer, whoever is still connected.',
      expected: expect.stringMatching(/^at most 1500 ms, from the reference's/),
    });
  });

  test('fails one that reports an error', async () => {
    const sorry = onSigterm('server.close(() => process.exit(1));');
    expect(await judge(sorry)).toMatchObject({
      message: 'After SIGTERM, the process must end with exit code 0.',
      actual: 'exit code 1',
    });
  });
});
