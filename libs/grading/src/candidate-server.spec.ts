import { PassThrough } from 'node:stream';
import type { Container, Exit } from '@assay/sandbox';
import { describe, expect, jest, test } from '@jest/globals';
import { endServer } from './candidate-server.js';
import type { CheckAnswer } from './harness/messages.js';

const CRASHED: Exit = { cause: 'exited', code: 1, signal: null, oomKills: 0 };
const KILLED: Exit = { cause: 'killed', code: null, signal: 'SIGKILL', oomKills: 0 };

/** A server that ends by itself when `end` is called, or when it is killed. */
function server() {
  let finish!: (exit: Exit) => void;
  const exited = new Promise<Exit>((resolve) => {
    finish = resolve;
  });
  const kill = jest.fn(() => {
    finish(KILLED);
    return exited;
  });
  const container: Container = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    exited,
    outputTail: () => '',
    kill,
  };
  return { container, kill, end: (exit = CRASHED) => finish(exit) };
}

const answer = (connectionLost: boolean): CheckAnswer => ({
  type: 'result',
  name: 'a',
  verdict: 'failed',
  message: 'Gone.',
  expected: null,
  actual: null,
  ms: 1,
  connectionLost,
});

describe('endServer', () => {
  test('a server whose connection broke may end by itself first, so that the cause is known', async () => {
    const { container, kill, end } = server();
    const ending = endServer(container, answer(true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(kill).not.toHaveBeenCalled();
    end();
    expect(await ending).toEqual(CRASHED);
  });

  test('any other server is killed at once', async () => {
    const { container, kill } = server();
    expect(await endServer(container, answer(false))).toEqual(KILLED);
    expect(kill).toHaveBeenCalledTimes(1);
  });

  test('a server that the machine killed is our failure', async () => {
    const { container, end } = server();
    end(KILLED);
    await expect(endServer(container, answer(true))).rejects.toThrow('the machine ended the server');
  });
});
