import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, endModules, rejection, startModule } from '../../test/started-module.js';

afterEach(endModules);

const load = async (source: string) => connect(await startModule(source));

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
