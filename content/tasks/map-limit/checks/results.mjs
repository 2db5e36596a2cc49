import assert from 'node:assert/strict';
import {
  Calls,
  expectEqual,
  finishNewestFirst,
  RESOLVES,
  someItems,
  untilFulfilled,
  untilRejected,
  watch,
} from './calls.mjs';
import { Source } from './source.mjs';

export default {
  'returns-results-in-order': async ({ module, random }) => {
    const items = someItems(random, 10);
    const calls = new Calls();
    const outcome = watch(module.call('mapLimit', items, 3, calls.fn));
    await finishNewestFirst(module, calls, items.length, (call) => `${call.item}!`);
    const results = await untilFulfilled(module, outcome, RESOLVES);
    const message =
      'The results should be in the order of the items, whatever the order in which the calls end.';
    expectEqual(
      results,
      items.map((item) => `${item}!`),
      message,
    );
    assert.equal(calls.started.length, items.length, 'fn should be called once for every item.');
  },

  'takes-any-items-and-results': async ({ module, random }) => {
    const values = random.shuffle([undefined, null, false, 0, '', Number.NaN, random.word(5)]);
    const calls = new Calls();
    const many = watch(module.call('mapLimit', values, 2, calls.fn));
    await finishNewestFirst(module, calls, values.length, (call) => values.at(-1 - call.index));
    const results = await untilFulfilled(module, many, RESOLVES);
    const byIndex = [...calls.started].sort((a, b) => a.index - b.index);
    expectEqual(
      byIndex.map((call) => [call.item, call.index]),
      values.map((value, index) => [value, index]),
      'fn should get every item, falsy ones too, with its index, which counts from 0.',
    );
    expectEqual(results, [...values].reverse(), 'Every result should be kept, falsy ones too.');

    const none = watch(module.call('mapLimit', [], 3, calls.fn));
    const empty = await untilFulfilled(module, none, 'Without items the promise should resolve.');
    expectEqual(empty, [], 'Without items the result should be [].');
  },

  'takes-synchronous-functions': async ({ module, random }) => {
    const numbers = random.shuffle([1, 2, 3, 4, 5, 6]).map((digit) => digit * 100 + random.integer(1, 99));
    const double = module.local('(number) => number * 2');
    const doubled = watch(module.call('mapLimit', numbers, 2, double));
    expectEqual(
      await untilFulfilled(module, doubled, 'When fn returns plain values, the promise should resolve.'),
      numbers.map((number) => number * 2),
      'A plain value that fn returns should be its result.',
    );
    const thrower = module.local(`(number) => {
      if (number === ${numbers[4]}) throw new RangeError("no");
      return number;
    }`);
    const thrown = watch(module.call('mapLimit', numbers, 2, thrower));
    const error = await untilRejected(module, thrown, 'When fn throws, the promise should reject.');
    assert.ok(
      error instanceof RangeError && error.message === 'no',
      'The promise should reject with the error that fn threw.',
    );
  },

  'takes-any-iterable': async ({ module, random }) => {
    const words = someItems(random, 5);
    const list = JSON.stringify(words);
    const nextOnly = `({
      [Symbol.iterator]() {
        const left = ${list};
        return { next: () => ({ done: left.length === 0, value: left.shift() }) };
      },
    })`;
    const iterables = [
      ['a Set', module.local(`new Set(${list})`)],
      ['a generator', module.local(`(function* () { yield* ${list}; })()`)],
      ['an iterable whose iterator has a next() only', module.local(nextOnly)],
      ['an async generator', module.local(`(async function* () { yield* ${list}; })()`)],
      ['an async iterable', Source.of(words)],
    ];
    for (const [what, items] of iterables) {
      const outcome = watch(module.call('mapLimit', items, 2, async (word) => `${word}!`));
      expectEqual(
        await untilFulfilled(module, outcome, `With ${what} as items the promise should resolve.`),
        words.map((word) => `${word}!`),
        `With ${what} as items every item should get its call and its result.`,
      );
    }
    const nothing = watch(module.call('mapLimit', Source.of([]), 2, async () => 'done'));
    expectEqual(
      await untilFulfilled(
        module,
        nothing,
        'With an async iterable without items the promise should resolve.',
      ),
      [],
      'Without items the result should be [].',
    );
  },
};
