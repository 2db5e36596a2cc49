import assert from 'node:assert/strict';
import {
  ASKS,
  Calls,
  finishNewestFirst,
  RESOLVES,
  STARTS,
  someItems,
  until,
  untilFulfilled,
  untilRejected,
  untilStarted,
  watch,
} from './calls.mjs';
import { Source } from './source.mjs';

export default {
  'runs-limit-calls-at-once': async ({ module, random }) => {
    for (const limit of [3, 1, random.integer(4, 7)]) {
      const count = limit + 4;
      // Two at the same time, which must not share their places.
      const runs = [[], [{}]].map((options) => {
        const calls = new Calls();
        const outcome = watch(module.call('mapLimit', someItems(random, count), limit, calls.fn, ...options));
        return { calls, outcome };
      });
      for (const { calls } of runs) await untilStarted(module, calls, limit, STARTS);
      for (const { calls, outcome } of runs) {
        await finishNewestFirst(module, calls, count, () => 'done');
        await untilFulfilled(module, outcome, RESOLVES);
        assert.ok(calls.peak <= limit, 'Never more than limit calls of fn should run at the same time.');
      }
    }
    const calls = new Calls();
    const outcome = watch(module.call('mapLimit', someItems(random, 4), 1_000, calls.fn));
    const message = 'With a limit greater than the number of items, a call for every item should run.';
    await untilStarted(module, calls, 4, message);
    for (const call of calls.started) call.finish();
    await untilFulfilled(module, outcome, RESOLVES);
  },

  'refuses-an-invalid-limit': async ({ module, random }) => {
    const limits = [0, -1, 1.5, Number.NaN, '3', undefined, null, '', true, -random.integer(2, 9), [2]];
    for (const limit of random.shuffle([...limits, random.integer(1, 9) + 0.25])) {
      const calls = new Calls();
      const source = new Source((index) => index);
      const outcome = watch(module.call('mapLimit', source, limit, calls.fn));
      const what = 'With a limit that is not a whole number of at least 1';
      const error = await untilRejected(module, outcome, `${what} the promise should reject.`);
      assert.ok(error instanceof TypeError, `${what} the promise should reject with a TypeError.`);
      await module.settle();
      assert.ok(calls.started.length === 0, `${what} fn should not be called.`);
      assert.ok(source.asked === 0, `${what} no item should be asked for.`);
    }
  },

  'starts-calls-as-soon-as-possible': async ({ module, random }) => {
    const items = someItems(random, 12);
    const calls = new Calls();
    const outcome = watch(module.call('mapLimit', items, 4, calls.fn));
    await untilStarted(module, calls, 4, STARTS);
    while (calls.started.length < items.length) {
      const before = calls.started.length;
      random.shuffle(calls.running)[0].finish();
      const message = 'When a call ends, the next one should start, though others still run.';
      await untilStarted(module, calls, before + 1, message);
    }
    for (const call of calls.running) call.finish();
    await untilFulfilled(module, outcome, RESOLVES);

    const slow = new Source(() => Source.LATER);
    const early = new Calls();
    module.call('mapLimit', slow, 3, early.fn).catch(() => {});
    for (let count = 1; count <= 3; count += 1) {
      await until(module, () => slow.waiting > 0, ASKS);
      slow.deliver(random.word(4));
      const message = 'A call should start as soon as its item is there, though others are still to come.';
      await untilStarted(module, early, count, message);
    }
  },
};
