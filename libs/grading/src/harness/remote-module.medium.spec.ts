import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, endModules, rejection, startModule } from '../../test/started-module.js';
import { ModuleProblem } from './remote-problem.js';

afterEach(endModules);

const load = async (source: string, file?: string) => connect(await startModule(source, file));

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
    const started = await startModule('throw new Error("not today");');
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
    const things: unknown[] = [new Error('boom'), { code: 7 }, Symbol('s'), undefined, 'text'];
    for (const thrown of things) {
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
      if (letter === 'a') break;
    }
    expect(await module.call('isClosed')).toBe(true);
  });
});

describe('the process of the module', () => {
  test('ends by an unhandled rejection, and the check hears of it', async () => {
    const started = await startModule(`
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

  test('is not missed when the check closes; what was not answered rejects', async () => {
    const started = await startModule('export const hang = (fn) => { fn(); return new Promise(() => {}); };');
    const problems: unknown[] = [];
    const module = await connect(started, { onProblem: (problem) => problems.push(problem) });
    const hanging = module.call('hang', () => new Promise(() => {}));
    await module.settle();
    module.close();
    expect(await rejection(hanging)).toBeInstanceOf(ModuleProblem);
    expect(problems).toEqual([]);
  });

  test('the calls without an answer are known', async () => {
    const started = await startModule('export const hang = () => new Promise(() => {}), quick = () => 1;');
    const heard: string[][] = [];
    const module = await connect(started, { onPending: (calls) => heard.push(calls) });
    void module.call('hang');
    await module.call('quick');
    expect(heard).toEqual([['hang(…)'], ['hang(…)', 'quick(…)'], ['hang(…)']]);
  });
});
