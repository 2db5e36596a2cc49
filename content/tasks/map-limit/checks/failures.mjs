import assert from 'node:assert/strict';
import {
  ASKS,
  Calls,
  expectEqual,
  expectSame,
  NO_CALL_AFTER_FAILURE,
  REJECTS,
  RESOLVES,
  STARTS,
  STARTS_FROM_SOURCE,
  someItems,
  until,
  untilFulfilled,
  untilRejected,
  untilStarted,
  watch,
} from './calls.mjs';
import { Source } from './source.mjs';

export default {
  'starts-nothing-after-a-failure': async ({ module, random }) => {
    const calls = new Calls();
    const outcome = watch(module.call('mapLimit', someItems(random, 12), 3, calls.fn));
    await untilStarted(module, calls, 3, STARTS);
    for (const call of calls.running) call.finish();
    await untilStarted(module, calls, 6, STARTS);
    const [failing, ...others] = calls.running;
    failing.fail(new Error(random.word(8)));
    await module.settle();
    assert.ok(calls.started.length === 6, NO_CALL_AFTER_FAILURE);
    for (const call of others) {
      call.finish();
      await module.settle();
      assert.ok(calls.started.length === 6, NO_CALL_AFTER_FAILURE);
    }
    await untilRejected(module, outcome, REJECTS);
    await module.settle();
    assert.ok(calls.started.length === 6, NO_CALL_AFTER_FAILURE);

    // An item that was asked for before the failure, and comes after it.
    const source = new Source((index) => (index < 2 ? index : Source.LATER));
    const few = new Calls();
    const late = watch(module.call('mapLimit', source, 3, few.fn));
    await untilStarted(module, few, 2, STARTS_FROM_SOURCE);
    await until(module, () => source.waiting > 0, ASKS);
    few.running[0].fail(new Error(random.word(8)));
    await module.settle();
    source.deliver(random.word(4));
    await module.settle();
    assert.ok(few.started.length === 2, NO_CALL_AFTER_FAILURE);
    few.running[0].finish();
    await untilRejected(module, late, REJECTS);
  },

  'lets-running-calls-end-first': async ({ module, random }) => {
    const calls = new Calls();
    const error = new Error(random.word(8));
    const outcome = watch(module.call('mapLimit', someItems(random, 9), 3, calls.fn));
    await untilStarted(module, calls, 3, STARTS);
    const [failing, ...others] = random.shuffle(calls.running);
    failing.fail(error);
    for (const call of others) {
      await module.settle();
      assert.ok(
        outcome.state === 'pending',
        'After a failure the promise should not settle while other calls are still running.',
      );
      call.finish();
    }
    const received = await untilRejected(module, outcome, REJECTS);
    expectSame(received, error, 'The promise should reject with the very error that the call failed with.');

    const fn = module.local(`(ms) => {
      if (ms === 0) throw new RangeError('no');
      globalThis.running = (globalThis.running ?? 0) + 1;
      return new Promise((resolve) => {
        setTimeout(() => resolve((globalThis.running -= 1)), ms);
      });
    }`);
    const thrown = watch(module.call('mapLimit', [150, 150, 0], 3, fn));
    await untilRejected(module, thrown, 'When fn throws and no call runs, the promise should reject.');
    const stillRunning = module.local('() => globalThis.running');
    expectEqual(
      await untilFulfilled(module, watch(module.call('mapLimit', [0], 1, stillRunning)), RESOLVES),
      [0],
      'When fn throws, the promise should not settle while other calls are still running.',
    );
  },

  'reports-the-first-failure-only': async ({ module, random }) => {
    const values = random.shuffle([new Error(random.word(8)), undefined, 0, null, random.word(8)]);
    for (const first of values) {
      const calls = new Calls();
      const outcome = watch(module.call('mapLimit', someItems(random, 6), 3, calls.fn));
      await untilStarted(module, calls, 3, STARTS);
      const [failing, ...others] = random.shuffle(calls.running);
      failing.fail(first);
      for (const call of others) {
        await module.settle();
        call.fail(new Error(random.word(6)));
      }
      const received = await untilRejected(module, outcome, REJECTS);
      expectSame(
        received,
        first,
        'The promise should reject with the very value that the first failed call rejected with.',
      );
    }
    await module.settle(); // An unhandled rejection would have ended the process by now.
  },

  'rejects-when-the-source-fails': async ({ module, random }) => {
    for (const error of random.shuffle([new Error(random.word(8)), undefined])) {
      const source = new Source((index) => (index < 2 ? random.word(4) : Source.LATER));
      const calls = new Calls();
      const outcome = watch(module.call('mapLimit', source, 4, calls.fn));
      await untilStarted(module, calls, 2, STARTS_FROM_SOURCE);
      await until(module, () => source.waiting > 0, ASKS);
      source.breakWith(error);
      await module.settle();
      assert.ok(
        outcome.state === 'pending',
        'When the next item cannot be had, the promise should not settle before the running calls have ended.',
      );
      const { asked } = source;
      const [failing, other] = calls.running;
      failing.fail(new Error('ignored'));
      other.finish();
      const message = 'When the next item cannot be had and no call runs, the promise should reject.';
      const received = await untilRejected(module, outcome, message);
      expectSame(received, error, 'The promise should reject with the very value that next() rejected with.');
      await module.settle();
      assert.ok(source.asked === asked, 'After next() failed, no further item should be asked for.');
    }

    const thrower = module.local('(function* () { yield 1; throw new RangeError("no"); })()');
    const thrown = watch(module.call('mapLimit', thrower, 2, async () => {}));
    const received = await untilRejected(module, thrown, 'When next() throws, the promise should reject.');
    assert.ok(
      received instanceof RangeError && received.message === 'no',
      'The promise should reject with the error that next() threw.',
    );
  },
};
