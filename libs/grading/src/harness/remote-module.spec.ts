import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { connectModule, type ModuleClient } from './remote-module.js';
import { ModuleProblem } from './remote-problem.js';

/** Against a hostile process: it speaks for itself on a raw socket. How an honest one behaves is the medium spec's. */

interface Message {
  type: string;
  id: number;
  on: number;
  args: unknown[];
}

interface Fake {
  module: ModuleClient;
  problems: unknown[];
  socket: net.Socket;
  say(...lines: unknown[]): void;
}

const open: (net.Server | net.Socket)[] = [];
afterEach(() => {
  for (const handle of open.splice(0)) handle instanceof net.Server ? handle.close() : handle.destroy();
});

/** A process whose module exports `run`; `hear` gets its calls, and may answer. */
async function fake(hear: (message: Message, fake: Pick<Fake, 'say' | 'socket'>) => void): Promise<Fake> {
  const problems: unknown[] = [];
  const server = net.createServer().listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  const connected = once(server, 'connection').then(([socket]: net.Socket[]) => {
    if (socket === undefined) throw new Error('no socket');
    open.push(socket);
    const say = (...lines: unknown[]) => {
      const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
      socket.write(`${texts.join('\n')}\n`);
    };
    let isGreeted = false;
    const lines = createInterface({ input: socket });
    // It passes the socket's errors on.
    lines.on('error', () => {});
    lines.on('line', (line) => {
      const message = JSON.parse(line) as Message; // the client's own
      if (!isGreeted) say(returned(message.id, ['array', ['array', 'run', ['function', 1]]]));
      else if (message.type === 'call') hear(message, { say, socket });
      isGreeted = true;
    });
    return { socket, say };
  });
  const { port } = server.address() as net.AddressInfo; // listening on TCP
  const module = await connectModule(port, { onProblem: (problem) => problems.push(problem) });
  return { module, problems, ...(await connected) };
}

const returned = (id: number, value: unknown) => ({ type: 'returned', id, value });
const call = (on: unknown, args: unknown = [], id: unknown = 1) => ({ type: 'call', id, on, args });

/** What the check reads when its call of `run(fn)` is met with these lines; the number of fn comes as `fn`. */
async function sentenceFor(lines: (fn: number) => unknown[], fn: () => unknown = () => 1): Promise<string> {
  const { module, problems } = await fake(({ args }, { say }) => {
    const [, number] = args[0] as [string, number]; // the function that was passed
    say(...lines(number));
  });
  const error = await module.call('run', fn).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ModuleProblem)) throw new Error(`expected a ModuleProblem, not ${String(error)}`);
  expect(problems).toEqual([error]);
  // It is over: later calls are told the same, at once.
  await expect(module.call('run')).rejects.toBe(error);
  await expect(module.settle()).rejects.toBe(error);
  module.close();
  return error.message;
}

describe('a process that forges messages', () => {
  test.each([
    ['no JSON', 'a line that is no JSON'],
    ['null', 'a line without a message'],
    ['{"type":"__proto__"}', 'a message of no known kind'],
    ['{"__proto__":{"type":"abort"}}', 'a message of no known kind'],
    [{ type: 'ask', id: 1, what: 'settle' }, 'a question to the check'],
    [{ type: 'ask', id: 1, what: 'eval' }, 'a message of no known kind'],
    [{ type: 'step', id: 1, on: 1, method: 'constructor', args: [] }, 'a message of no known kind'],
    [{ type: 'step', id: 1, on: 1, method: 'next', args: [] }, 'a step of no iterator'],
    [{ type: 'iterate', id: 1, on: 1 }, 'a call of no iterable of the check'],
    [{ type: 'abort', on: 1, reason: null }, 'news of no signal of your module'],
    [call(77), 'a call of no function of the check'],
    [call('__proto__'), 'a name that is no number'],
    [call(1, 'x'), 'arguments that are no list'],
    [call(1, [], null), 'a name that is no number'],
    [returned(999, null), 'an answer to no call'],
    [returned(2, ['local', 9, 'process.exit()']), 'a value of no known kind'],
    [returned(2, ['back', 77]), 'a thing that the check never passed to it'],
    [returned(2, { a: 1 }), 'a value without a kind'],
  ])('%j is a failed check', async (line, what) => {
    const sentence = await sentenceFor(() => [line]);
    expect(sentence).toBe(`Your module's process sent what no call of your module would send: ${what}.`);
  });

  test('exports that are none fail the connecting', async () => {
    for (const forged of [
      null,
      ['array', 1],
      ['array', ['array', 5]],
      ['array', ['object', '__proto__', 1]],
    ]) {
      const server = net.createServer((socket) => {
        open.push(socket);
        socket.on('error', () => {});
        socket.once('data', () => socket.write(`${JSON.stringify(returned(1, forged))}\n`));
      });
      open.push(server.listen(0, '127.0.0.1'));
      await once(server, 'listening');
      const { port } = server.address() as net.AddressInfo; // listening on TCP
      await expect(connectModule(port)).rejects.toThrow(ModuleProblem);
    }
  });

  test('a second answer to the same call is none', async () => {
    const { module, problems } = await fake(({ id }, { say }) => say(returned(id, 1), returned(id, 2)));
    expect(await module.call('run')).toBe(1);
    await expect(module.settle()).rejects.toThrow(/an answer to no call/);
    expect(problems).toHaveLength(1);
  });

  test('keys like __proto__ pollute nothing', async () => {
    const hostile = ['object', '__proto__', ['object', 'polluted', true], 'then', 5];
    const { module } = await fake(({ id }, { say }) => say(returned(id, hostile)));
    const value = (await module.call('run')) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'then']);
    expect(value['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('any message at all is answered or ends in a plain problem', async () => {
    const number = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.constantFrom<unknown>('__proto__', null));
    const wire = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.tuple(
        fc.constantFrom('array', 'object', 'back', 'function', 'signal', 'error', 'kept', 'iterable'),
        number,
        number,
      ),
    );
    const message = fc.record({
      type: fc.constantFrom('call', 'step', 'ask', 'returned', 'threw', 'iterate', 'abort'),
      id: number,
      on: number,
      args: fc.array(wire, { maxLength: 3 }),
      method: fc.constantFrom('next', 'return', 'throw', 'x'),
      what: fc.constantFrom('settle', 'exports', 'listeners', 'x'),
      value: wire,
      reason: wire,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 8 }), async (messages) => {
        const { module, problems } = await fake((_, { say }) => say(...messages, 'the end'));
        const given = [() => 1, { async *[Symbol.asyncIterator]() {} }, new AbortController().signal];
        await module.call('run', ...given).catch(() => {});
        // The last line is none: whatever came before it, it ends here.
        await expect(module.settle()).rejects.toThrow(ModuleProblem);
        expect(problems).toHaveLength(1);
        for (const handle of open.splice(0)) handle instanceof net.Server ? handle.close() : handle.destroy();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a process that floods', () => {
  test('with a line without end', async () => {
    const sentence = await sentenceFor(() => ['x'.repeat(2 ** 20 + 1)]);
    expect(sentence).toBe("Your module's process sent more than 1 MiB at once.");
  });

  test('with more than a check may take', async () => {
    const text = 'x'.repeat(2 ** 20 - 100);
    const sentence = await sentenceFor((fn) => Array<unknown>(17).fill(call(fn, [text])));
    expect(sentence).toBe("Your module's process sent more than 16 MiB during this check.");
  });

  test('with thousands of calls that stay open', async () => {
    let calls = 0;
    const sentence = await sentenceFor(
      (fn) => Array<unknown>(12_000).fill(call(fn)),
      () => {
        calls += 1;
        return new Promise(() => {});
      },
    );
    expect(sentence).toMatch(/more than 10000 calls of the check's functions running at once/);
    expect(calls).toBe(10_000);
  });

  test('with more messages than any honest module', async () => {
    const abort = { type: 'abort', on: 5, reason: null };
    const sentence = await sentenceFor((fn) => [
      call(fn, [['signal', 5]]),
      ...Array<unknown>(100_000).fill(abort),
    ]);
    expect(sentence).toBe('Your module called and answered more than 100000 times during this check.');
  });

  test('with calls that each make the check hand out something new', async () => {
    const sentence = await sentenceFor(
      (fn) => Array<unknown>(10_500).fill(call(fn)),
      () => {
        throw new Error('boom');
      },
    );
    expect(sentence).toMatch(/more than 10000 functions and objects/);
  });

  test('and does not read the answers', async () => {
    const long = 'x'.repeat(500_000);
    const { module } = await fake(({ args }, { say, socket }) => {
      socket.pause();
      say(...Array<unknown>(100).fill(call((args[0] as [string, number])[1])));
    });
    await expect(module.call('run', () => long)).rejects.toThrow('did not read what the check sent it');
  });
});

describe('a connection that breaks', () => {
  test('rejects what waits for an answer, as lost', async () => {
    const { module, problems, socket } = await fake(() => {});
    const waiting = module.call('run');
    socket.destroy();
    await expect(waiting).rejects.toMatchObject({ name: 'ModuleProblem', connectionLost: true });
    expect(problems).toHaveLength(1);
  });

  test('or was never there', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo; // listening on TCP
    server.close();
    await once(server, 'close');
    await expect(connectModule(port)).rejects.toMatchObject({ name: 'ModuleProblem', connectionLost: true });
  });
});
