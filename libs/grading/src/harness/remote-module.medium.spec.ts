import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { connectModule, type ModuleClient, type ModuleClientOptions } from './remote-module.js';
import { ModuleProblem } from './remote-problem.js';
import { waitForPort } from './wait-for-port.js';

const SHIM = join(import.meta.dirname, '../../dist/harness/remote-shim.js');

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo; // listening on TCP
  server.close();
  await once(server, 'close');
  return port;
}

interface Started {
  port: number;
  child: ChildProcess;
  exited: Promise<number | null>;
  output(): string;
}

/** Starts the compiled shim with a module of this source. */
async function start(source: string, file = 'module.mjs'): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-module-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, file), source);
  const port = await freePort();
  const child = spawn(process.execPath, [SHIM, join(folder, file), String(port)], { env: {} });
  cleanups.push(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null); // as documented
  return { port, child, exited, output: () => output };
}

async function connect(started: Started, options?: ModuleClientOptions): Promise<ModuleClient> {
  const ended = new AbortController();
  void started.exited.then(() => ended.abort());
  assert.ok(await waitForPort(started.port, 30_000, ended.signal), started.output());
  const module = await connectModule(started.port, options);
  cleanups.push(() => module.close());
  return module;
}

const load = async (source: string, file?: string) => connect(await start(source, file));

/** What the promise rejects with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => assert.fail(`resolved with ${String(value)}`),
    (error: unknown) => error,
  );

describe('exports', () => {
  test('of an ES module and of CommonJS, by any name', async () => {
    const esm = await load('export default () => 1; export const two = () => 2, three = 3;');
    expect([...esm.exports].sort()).toEqual(['default', 'three', 'two']);
    expect(await esm.call('two')).toBe(2);

    // No analysis of the text finds these names.
    const cjs = await load('module.exports = Object.fromEntries([["one", () => 1]]);', 'module.cjs');
    expect([...cjs.exports].sort()).toEqual(['default', 'one']);
    expect(await cjs.call('one')).toBe(1);
  });

  test('a return resolves and a throw rejects, synchronous or not', async () => {
    const module = await load(`
      export const echo = (...args) => args;
      export function fails() { throw new RangeError('no'); }
      export const rejects = async () => { throw Object.assign(new TypeError('late'), { code: 'E_LATE' }); };
      export const circle = () => { const list = []; list.push(list); return list; };`);
    const values = [undefined, null, -0, Number.NaN, 7n, 'é', [1, [2]], { a: new Date(5) }];
    expect(await module.call('echo', ...values)).toEqual(values);
    expect(await rejection(module.call('fails'))).toBeInstanceOf(RangeError);
    const late = await rejection(module.call('rejects'));
    expect(late).toBeInstanceOf(TypeError);
    expect(late).toMatchObject({ message: 'late', code: 'E_LATE' });
    expect(await rejection(module.call('circle'))).toMatchObject({
      message: /too large, or nested too deeply/,
    });
    expect(await rejection(module.call('echo', 'x'.repeat(2 ** 20)))).toBeInstanceOf(RangeError);
    expect(await rejection(module.call('missing'))).toEqual(
      new ModuleProblem('Your module does not export a function missing.'),
    );
  });

  test('a module that does not load ends its process as in plain Node', async () => {
    const started = await start('throw new Error("not today");');
    expect(await started.exited).toBe(1);
    expect(started.output()).toMatch(/Error: not today/);
  });
});

describe('functions of the check', () => {
  const MAP_TWO = `
    export async function mapTwo(items, fn) {
      const results = [];
      let next = 0;
      const work = async () => { while (next < items.length) { const i = next++; results[i] = await fn(items[i], i); } };
      await Promise.all([work(), work()]);
      return results;
    }`;

  test('are called from outside the module, in its order, and counted there', async () => {
    const module = await load(MAP_TWO);
    const started: unknown[] = [];
    const finish: (() => void)[] = [];
    const answer = module.call('mapTwo', ['a', 'b', 'c', 'd'], (item: string, index: number) => {
      started.push([item, index]);
      return new Promise((resolve) => finish.push(() => resolve(item.toUpperCase())));
    });
    await module.settle();
    expect(started).toEqual([
      ['a', 0],
      ['b', 1],
    ]);
    finish[1]?.();
    await module.settle();
    expect(started).toHaveLength(3);
    finish[2]?.();
    await module.settle();
    finish[0]?.();
    finish[3]?.();
    expect(await answer).toEqual(['A', 'B', 'C', 'D']);
  });

  test('what they throw keeps its identity, and nobody has to wait for it at once', async () => {
    const module = await load(`${MAP_TWO}
      export const identity = (value) => value;
      export const swallow = async (fn, seen) => { try { await fn(); } catch (error) { await seen(error, error.message); } };`);
    for (const thrown of [new Error('boom'), { code: 7 }, Symbol('s'), undefined, 'text']) {
      const answer = module.call('mapTwo', [1], async () => {
        throw thrown;
      });
      // It has been rejected when this returns, and nobody has looked at it.
      await module.settle();
      expect(await rejection(answer)).toBe(thrown);
    }
    const error = new Error('boom');
    expect(await module.call('identity', error)).toBe(error);
    const seen: unknown[] = [];
    await module.call(
      'swallow',
      () => {
        throw error;
      },
      (...args: unknown[]) => seen.push(...args),
    );
    expect(seen).toEqual([error, 'boom']);
    expect(seen[0]).toBe(error);
  });

  test('a local function runs in the module, where it throws at once', async () => {
    const module = await load(`
      export function sync(fn) { try { return ['returned', fn(2)]; } catch (error) { return ['threw', error]; } }
      export const all = (items) => [...items];`);
    expect(await module.call('sync', module.local('(x) => x * 2'))).toEqual(['returned', 4]);
    const thrown = await module.call('sync', module.local('(x) => { throw new SyntaxError("boom") }'));
    expect(thrown).toEqual(['threw', expect.any(SyntaxError)]);
    expect(await module.call('all', module.local('(function* () { yield 1; yield 2; })()'))).toEqual([1, 2]);
    const path = module.local('async () => (await import("node:path")).sep');
    expect(await module.call('sync', path)).toEqual(['returned', expect.anything()]);
  });

  test('the module can hand out functions and iterables of its own', async () => {
    const module = await load(`
      export const counter = () => { let n = 0; return { add: (by) => (n += by) }; };
      export async function* letters() { try { yield 'a'; yield 'b'; } finally { closed = true; } }
      let closed = false;
      export const isClosed = () => closed;`);
    const { add } = (await module.call('counter')) as { add(by: number): Promise<number> };
    expect([await add(2), await add(3)]).toEqual([2, 5]);
    for await (const letter of (await module.call('letters')) as AsyncIterable<string>) {
      expect(letter).toBe('a');
      break;
    }
    expect(await module.call('isClosed')).toBe(true);
  });
});

describe('signals', () => {
  const LISTENS = `
    export function untilAborted(signal) {
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }
    export const state = (signal) => [signal instanceof AbortSignal, signal.aborted, signal.reason];
    let removed;
    export const listen = (signal) => { removed = () => {}; signal.addEventListener('abort', removed); };
    export const forget = (signal) => signal.removeEventListener('abort', removed);
    export const abortLater = (fn) => {
      const own = new AbortController();
      const answer = fn(own.signal);
      own.abort(new Error('mine'));
      return answer;
    };`;

  test('are aborted in the module with the same reason', async () => {
    const module = await load(LISTENS);
    for (const reason of [new Error('stop'), 'text', { plain: true }]) {
      const controller = new AbortController();
      const answer = module.call('untilAborted', controller.signal);
      await module.settle();
      controller.abort(reason);
      expect(await rejection(answer)).toBe(reason);
      expect(await module.call('state', controller.signal)).toEqual([true, true, reason]);
      const again = new AbortController();
      again.abort(reason);
      expect(await module.call('state', again.signal)).toEqual([true, true, reason]);
    }
  });

  test('tell how many listeners the module has', async () => {
    const module = await load(LISTENS);
    const { signal } = new AbortController();
    await expect(module.listeners(signal)).rejects.toThrow(TypeError);
    await module.call('listen', signal);
    expect(await module.listeners(signal)).toBe(1);
    await module.call('forget', signal);
    expect(await module.listeners(signal)).toBe(0);
  });

  test("of the module's own are heard by the check", async () => {
    const module = await load(LISTENS);
    const answer = module.call('abortLater', async (signal: AbortSignal) => {
      expect(signal.aborted).toBe(false);
      await once(signal, 'abort');
      return (signal.reason as Error).message;
    });
    expect(await answer).toBe('mine');
  });
});

describe('async iterables of the check', () => {
  const TAKE = `
    export async function take(items, count) {
      const taken = [];
      for await (const item of items) { taken.push(item); if (taken.length === count) break; }
      return taken;
    }`;

  function counted(nextOf: (index: number) => Promise<IteratorResult<unknown>>) {
    const seen = { opened: 0, asked: 0, closed: 0 };
    const items = {
      [Symbol.asyncIterator]: () => {
        seen.opened += 1;
        return {
          next: () => nextOf(seen.asked++),
          return: async () => {
            seen.closed += 1;
            return { done: true, value: undefined };
          },
        };
      },
    };
    return { items, seen };
  }

  test('are pulled lazily and closed on an early exit', async () => {
    const module = await load(TAKE);
    const { items, seen } = counted(async (index) => ({ done: false, value: index }));
    expect(await module.call('take', items, 3)).toEqual([0, 1, 2]);
    await module.settle();
    expect(seen).toEqual({ opened: 1, asked: 3, closed: 1 });
  });

  test('end, fail and may be generators', async () => {
    const module = await load(TAKE);
    async function* three() {
      yield* [1, 2, 3];
    }
    expect(await module.call('take', three(), 9)).toEqual([1, 2, 3]);
    const boom = new Error('boom');
    const { items, seen } = counted(async () => {
      throw boom;
    });
    expect(await rejection(module.call('take', items, 1))).toBe(boom);
    expect(seen).toEqual({ opened: 1, asked: 1, closed: 0 });
    const broken = {
      [Symbol.asyncIterator]: () => {
        throw boom;
      },
    };
    expect(await rejection(module.call('take', broken, 1))).toBe(boom);
  });
});

describe('settle', () => {
  const AFTER_A_WHILE = `
    const turns = {
      microtask: () => Promise.resolve(),
      immediate: () => new Promise((resolve) => setImmediate(resolve)),
      timer: () => new Promise((resolve) => setTimeout(resolve)),
    };
    export async function chain(kinds, fn) { for (const kind of kinds) await turns[kind](); return fn(kinds.length); }
    export async function pingPong(count, fn) { for (let i = 0; i < count; i++) { await turns.immediate(); await fn(i); } }`;

  test('catches what the module starts many turns of its loop later', async () => {
    const module = await load(AFTER_A_WHILE);
    const chains = [
      Array<string>(50).fill('microtask'),
      Array<string>(8).fill('immediate'),
      ['timer', 'immediate', 'timer', 'microtask'],
    ];
    for (const kinds of chains) {
      for (let round = 0; round < 5; round += 1) {
        const started: unknown[] = [];
        void module.call('chain', kinds, (length: number) => started.push(length));
        await module.settle();
        expect(started).toEqual([kinds.length]);
      }
    }
  });

  test('waits while both sides still answer each other', async () => {
    const module = await load(AFTER_A_WHILE);
    let heard = 0;
    void module.call('pingPong', 100, async () => {
      heard += 1;
      await new Promise((resolve) => setImmediate(resolve));
    });
    await Promise.all([module.settle(), module.settle()]);
    expect(heard).toBe(100);
  });
});

describe('the process of the module', () => {
  test('ends by an unhandled rejection, and the check hears of it', async () => {
    const started = await start(`
      export const leak = () => { void Promise.reject(new Error('leaked')); };
      export const forget = (fn) => { void fn(); };`);
    const problems: unknown[] = [];
    const module = await connect(started, { onProblem: (problem) => problems.push(problem) });
    const leaking = module.call('forget', async () => {
      throw new Error('nobody waits for me');
    });
    const problem = await rejection(leaking.then(() => module.settle()));
    expect(problem).toBeInstanceOf(ModuleProblem);
    expect(problem).toMatchObject({ connectionLost: true });
    expect(problems).toEqual([problem]);
    expect(await rejection(module.call('leak'))).toBe(problem);
    expect(await started.exited).toBe(1);
    expect(started.output()).toMatch(/nobody waits for me/);
  });

  test('ends by itself when the check closes, unless the module keeps it', async () => {
    const started = await start('export const hang = (fn) => { fn(); return new Promise(() => {}); };');
    const problems: unknown[] = [];
    const module = await connect(started, { onProblem: (problem) => problems.push(problem) });
    const hanging = module.call('hang', () => new Promise(() => {}));
    await module.settle();
    module.close();
    expect(await rejection(hanging)).toBeInstanceOf(ModuleProblem);
    expect(await started.exited).toBe(0);
    expect(problems).toEqual([]);
    expect(started.output()).toBe('');
  });

  test('the calls without an answer are known', async () => {
    const started = await start('export const hang = () => new Promise(() => {}), quick = () => 1;');
    const heard: string[][] = [];
    const module = await connect(started, { onPending: (calls) => heard.push(calls) });
    void module.call('hang');
    await module.call('quick');
    expect(heard).toEqual([['hang(…)'], ['hang(…)', 'quick(…)'], ['hang(…)']]);
  });
});
