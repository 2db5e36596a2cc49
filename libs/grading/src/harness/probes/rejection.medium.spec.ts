import { afterAll, describe, expect, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const PROBE = { probe: 'rejection', ping: '/ping', failing: '/fail' };
/** The reference never runs: what an internal failure must look like needs no comparison. */
const judge = (candidate: string) => judgeBy(engine, PROBE, '', candidate);

const failing = (caught: string, head = '') =>
  serving(`throw new Error('no such thing');`, head).replace(
    'void answer(request, response)',
    `answer(request, response)${caught}`,
  );
const CAREFUL = failing(`.catch(() => response.writeHead(500).end('sorry'))`);

describe('rejection', () => {
  test('passes a server that answers with 500', async () => {
    expect(await judge(CAREFUL)).toEqual(PASSED);
  });

  test('fails one that crashes', async () => {
    expect(await judge(failing(''))).toMatchObject({
      verdict: 'crashed',
      message: 'Your server ended with exit code 1 during this check: Error: no such thing',
    });
  });

  test('fails one that suppresses the rejection and never answers', async () => {
    const silent = failing('', `process.on('unhandledRejection', () => {});`);
    expect(await judge(silent)).toMatchObject({
      verdict: 'timed_out',
      message: 'Your server did not finish answering GET /fail within 10 s.',
    });
  });

  test('fails one that says that all is well', async () => {
    expect(await judge(failing(`.catch(() => response.end('{}'))`))).toMatchObject({
      message: 'A request that fails inside must be answered with a 5xx status.',
      expected: 'a 5xx status',
      actual: '200',
    });
  });

  test('fails one that shows the stack', async () => {
    const open = failing(
      '.catch((error) => response.writeHead(500).end(JSON.stringify({ why: error.stack })))',
    );
    expect((await judge(open)).message).toBe('No answer may show a stack trace.');
  });

  test('fails one that does not recover', async () => {
    const broken = failing(
      `.catch(() => { broken = true; response.writeHead(500).end(); })`,
      'let broken = false;',
    ).replace("return response.end('pong')", "return response.writeHead(broken ? 503 : 200).end('pong')");
    expect((await judge(broken)).message).toBe(
      'GET /ping must be answered with 2xx after another request failed inside.',
    );
  });
});
