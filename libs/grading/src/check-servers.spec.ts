import { PassThrough } from 'node:stream';
import type { Container, Exit } from '@assay/sandbox';
import { describe, expect, jest, test } from '@jest/globals';
import { CheckServers } from './check-servers.js';
import type { CheckAnswer, ServerAsk, Who } from './harness/messages.js';

const CRASHED: Exit = { cause: 'exited', code: 1, signal: null, oomKills: 0 };
const KILLED: Exit = { cause: 'killed', code: null, signal: 'SIGKILL', oomKills: 0 };

/** A container that ends when `end` is called, or when it is killed. */
function fakeContainer() {
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
    control: null,
    stdout: new PassThrough(),
    exited,
    onOutput: () => undefined,
    outputTail: () => 'x'.repeat(20_000),
    kill,
    signal: () => true,
    usage: () => ({ rssAnonBytes: 1, threads: 2, processes: 3 }),
  };
  return { container, kill, end: (exit = CRASHED) => finish(exit) };
}

/** Servers whose containers the spec can end; `log` says what was started, in order. */
function checkServers() {
  const started: ReturnType<typeof fakeContainer>[] = [];
  const log: string[] = [];
  const servers = new CheckServers(async (who) => {
    const alive = started.filter(({ kill }) => kill.mock.calls.length === 0).length;
    log.push(`${who}, ${alive} alive`);
    started.push(fakeContainer());
    return started.at(-1)?.container as Container; // just pushed
  });
  return { servers, started, log };
}

const start = (who: Who = 'candidate', mayEnd = false): ServerAsk => ({ do: 'start', who, env: {}, mayEnd });

const answer = (change: Partial<CheckAnswer> = {}): CheckAnswer => ({
  type: 'result',
  name: 'a',
  verdict: 'failed',
  message: 'Gone.',
  expected: null,
  actual: null,
  ms: 1,
  connectionLost: false,
  cameUp: true,
  ...change,
});

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('what a check may ask of its servers', () => {
  test('one server at a time, however fast it asks', async () => {
    const { servers, log } = checkServers();
    const asked = [start('reference'), { do: 'kill' } as const, start(), { do: 'kill' } as const, start()];
    await Promise.all(asked.map((ask) => servers.answer(ask)));
    expect(log).toEqual(['reference, 0 alive', 'candidate, 0 alive', 'candidate, 0 alive']);
    await expect(servers.answer(start('reference'))).rejects.toThrow('a server runs already');
  });

  test('one server of each instance at a time, all of them of one of the two', async () => {
    const { servers, started } = checkServers();
    const one = { ...start(), instance: 1 };
    const two = { ...start(), instance: 2 };
    await Promise.all([one, two].map((ask) => servers.answer(ask)));
    await expect(servers.answer(two)).rejects.toThrow('a server runs already');
    await expect(servers.answer({ ...start('reference'), instance: 1 })).rejects.toThrow(
      'a server runs already',
    );
    expect(await servers.answer({ do: 'kill', instance: 1 })).toEqual({ crashed: false });
    expect(started.map(({ kill }) => kill.mock.calls.length)).toEqual([1, 0]);
    await expect(servers.answer({ ...start('reference'), instance: 1 })).rejects.toThrow(
      'a server runs already',
    );
    await servers.answer(one);
    started[1]?.end(CRASHED);
    expect(await servers.answer({ do: 'kill' })).toEqual({ crashed: true });
    expect((await servers.end(answer())).map(({ exit }) => exit)).toEqual([KILLED, KILLED, CRASHED]);
  });

  test('nothing of a server that was never started', async () => {
    const { servers } = checkServers();
    await expect(servers.answer({ do: 'usage' })).rejects.toThrow(/no server was started/);
    expect(await servers.answer({ do: 'kill' })).toEqual({ crashed: false });
    expect(await servers.end(answer())).toEqual([]);
  });

  test('facts about it', async () => {
    const { servers, started } = checkServers();
    await servers.answer(start());
    expect(await servers.answer({ do: 'usage' })).toEqual({ rssAnonBytes: 1, threads: 2, processes: 3 });
    expect(await servers.answer({ do: 'signal', name: 'SIGTERM' })).toBe(true);
    expect(await servers.answer({ do: 'output' })).toHaveLength(16 * 1024);
    expect(await servers.answer({ do: 'exit', withinMs: 1, expected: true })).toBeNull();
    const exit = servers.answer({ do: 'exit', withinMs: 60_000, expected: true });
    await aTurn();
    started[0]?.end();
    expect(await exit).toEqual({ code: 1, signal: null });
  });

  test('whether it had ended when it was killed, unless the check wanted that', async () => {
    const { servers, started } = checkServers();
    for (const [mayEnd, crashed] of [
      [false, true],
      [true, false],
    ] as const) {
      await servers.answer(start('candidate', mayEnd));
      started.at(-1)?.end();
      expect(await servers.answer({ do: 'kill' })).toEqual({ crashed });
    }
    expect(await servers.end(answer())).toMatchObject([
      { exit: CRASHED, endExpected: false },
      { exit: CRASHED, endExpected: true },
    ]);
  });
});

describe('the end of a check', () => {
  test('a server whose connection broke may end by itself first, so that the cause is known', async () => {
    const { servers, started } = checkServers();
    await servers.answer(start());
    const ending = servers.end(answer({ connectionLost: true }));
    await aTurn();
    expect(started[0]?.kill).not.toHaveBeenCalled();
    started[0]?.end();
    expect(await ending).toMatchObject([{ exit: CRASHED }]);
  });

  test('any other server is killed at once', async () => {
    const { servers, started } = checkServers();
    await servers.answer(start());
    expect(await servers.end(answer())).toMatchObject([{ exit: KILLED }]);
    expect(started[0]?.kill).toHaveBeenCalledTimes(1);
  });
});

describe('what is ours is never the candidate’s', () => {
  test('a server that the machine killed', async () => {
    const { servers, started } = checkServers();
    await servers.answer(start());
    started[0]?.end(KILLED);
    await expect(servers.end(answer({ connectionLost: true }))).rejects.toThrow(
      'the machine ended the server',
    );
  });

  test.each(['failed', 'timed_out', 'not_listening'] as const)(
    'a check that is %s while the reference runs',
    async (verdict) => {
      const { servers } = checkServers();
      await servers.answer(start('reference'));
      await expect(servers.end(answer({ verdict }))).rejects.toThrow(
        'the check ended while the reference ran: Gone.',
      );
    },
  );

  test('a reference that is still being started when the time is over', async () => {
    const container = fakeContainer();
    let started!: (container: Container) => void;
    const servers = new CheckServers(
      () =>
        new Promise((resolve) => {
          started = resolve;
        }),
    );
    void servers.answer(start('reference'));
    await aTurn();
    const ending = servers.end(answer({ verdict: 'timed_out' }));
    started(container.container);
    await expect(ending).rejects.toThrow('the check ended while the reference ran');
  });

  test('a reference that ends by itself', async () => {
    const { servers, started } = checkServers();
    await servers.answer(start('reference'));
    started[0]?.end();
    await expect(servers.answer({ do: 'kill' })).rejects.toThrow('the reference ended by itself (1)');
  });

  test('once the reference is dead, a failure is the candidate’s again', async () => {
    const { servers } = checkServers();
    await servers.answer(start('reference'));
    await servers.answer({ do: 'kill' });
    await servers.answer(start());
    expect(await servers.end(answer())).toHaveLength(1);
  });
});
