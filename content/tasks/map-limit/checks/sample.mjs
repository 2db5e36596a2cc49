import assert from 'node:assert/strict';
import {
  Calls,
  expectEqual,
  expectSame,
  finishNewestFirst,
  someItems,
  untilFulfilled,
  untilRejected,
  watch,
} from './calls.mjs';

export default {
  'returns-the-results-in-order': async ({ module, random }) => {
    const items = someItems(random, 5);
    const calls = new Calls();
    const outcome = watch(module.call('mapLimit', items, 2, calls.fn));
    await finishNewestFirst(module, calls, items.length, (call) => `${call.item}!`);
    const results = await untilFulfilled(
      module,
      outcome,
      'When every call has ended, the promise should resolve.',
    );
    expectEqual(
      results,
      items.map((item) => `${item}!`),
      'The results should be in the order of the items, whatever the order in which the calls end.',
    );
  },

  'runs-two-calls-at-a-time': async ({ module, random }) => {
    const items = someItems(random, 6);
    const calls = new Calls();
    const outcome = watch(module.call('mapLimit', items, 2, calls.fn));
    await finishNewestFirst(module, calls, items.length, () => 'done');
    await untilFulfilled(module, outcome, 'When every call has ended, the promise should resolve.');
    assert.equal(calls.peak, 2, 'With a limit of 2, two calls should run at the same time, and never more.');
  },

  'returns-an-empty-array-without-items': async ({ module }) => {
    const calls = new Calls();
    const outcome = watch(module.call('mapLimit', [], 3, calls.fn));
    expectEqual(
      await untilFulfilled(module, outcome, 'Without items the promise should resolve.'),
      [],
      'Without items the result should be [].',
    );
  },

  'rejects-with-the-error-of-a-call': async ({ module, random }) => {
    const error = new Error(random.word(8));
    const outcome = watch(
      module.call('mapLimit', someItems(random, 3), 1, async () => {
        throw error;
      }),
    );
    expectSame(
      await untilRejected(module, outcome, 'When a call fails, the promise should reject.'),
      error,
      'The promise should reject with the very error that the call of fn failed with.',
    );
  },
};
