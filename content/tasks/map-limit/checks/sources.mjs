import assert from 'node:assert/strict';
import {
  ASKS,
  Calls,
  expectEqual,
  expectSame,
  NO_CALL_AFTER_ABORT,
  REJECTS,
  REJECTS_WHEN_ABORTED,
  RESOLVES,
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
  'asks-for-items-as-needed': async ({ module, random }) => {
    const limit = random.integer(2, 4);
    const calls = new Calls();
    let lead = 0;
    const source = new Source((index) => {
      lead = Math.max(lead, index + 1 - calls.started.length);
      return random.word(4);
    });
    module.call('mapLimit', source, limit, calls.fn).catch(() => {});
    for (let ended = 0; ended <= 12; ended += 1) {
      await untilStarted(module, calls, ended + limit, STARTS_FROM_SOURCE);
      assert.ok(
        lead <= limit,
        'At no time should more items be asked for than the number of calls started so far, plus limit.',
      );
      random.shuffle(calls.running)[0].finish();
    }
  },

  'closes-the-source': async ({ module, random }) => {
    const error = new Error(random.word(8));
    const endless = () =>
      new Source(
        (index) => index,
        async () => {
          throw new Error('return() failed');
        },
      );
    const failedSource = endless();
    const calls = new Calls();
    const failing = module.call('mapLimit', failedSource, 2, calls.fn);
    let wasClosedFirst = false;
    failing.catch(() => {
      wasClosedFirst = failedSource.closed > 0;
    });
    const failed = watch(failing);
    await untilStarted(module, calls, 2, STARTS_FROM_SOURCE);
    calls.running[0].finish();
    await untilStarted(module, calls, 3, STARTS_FROM_SOURCE);
    const [first, other] = calls.running;
    first.fail(error);
    await module.settle();
    const { asked } = failedSource;
    other.finish();
    const received = await untilRejected(module, failed, REJECTS);
    assert.ok(
      wasClosedFirst,
      "After a failed call of fn, the iterator's return() should be called before the promise rejects.",
    );
    expectSame(received, error, 'When return() fails too, the promise should reject with what failed first.');
    await module.settle();
    assert.ok(failedSource.asked === asked, 'After a failure no further item should be asked for.');

    const abortedSource = endless();
    const controller = new AbortController();
    const { signal } = controller;
    const late = new Calls();
    const aborted = watch(module.call('mapLimit', abortedSource, 2, late.fn, { signal }));
    await untilStarted(module, late, 2, STARTS_FROM_SOURCE);
    controller.abort(error);
    await module.settle();
    const askedByThen = abortedSource.asked;
    for (const call of late.running) call.finish();
    await untilRejected(module, aborted, REJECTS_WHEN_ABORTED);
    assert.ok(
      abortedSource.closed > 0,
      "After an abort, the iterator's return() should be called before the promise rejects.",
    );
    await module.settle();
    assert.ok(late.started.length === 2, NO_CALL_AFTER_ABORT);
    assert.ok(abortedSource.asked === askedByThen, 'After an abort no further item should be asked for.');

    const generator = module.local(`(function* () {
      try {
        for (let number = 0; ; number += 1) yield number;
      } finally {
        globalThis.closedGenerator = true;
      }
    })()`);
    const failAtThree = async (number) => assert.notEqual(number, 3);
    await untilRejected(module, watch(module.call('mapLimit', generator, 2, failAtThree)), REJECTS);
    const isClosed = module.local('() => globalThis.closedGenerator === true');
    expectEqual(
      await untilFulfilled(module, watch(module.call('mapLimit', [0], 1, isClosed)), RESOLVES),
      [true],
      'After a failed call of fn, a generator should be closed as any other iterator.',
    );
  },

  'leaves-ended-sources-alone': async ({ module, random }) => {
    const source = Source.of(someItems(random, 5));
    const whole = watch(module.call('mapLimit', source, 2, async () => 'done'));
    await untilFulfilled(module, whole, RESOLVES);
    await module.settle();
    assert.ok(source.closed === 0, 'An iterator that has come to its end should not be closed.');

    const short = Source.of(someItems(random, 2));
    const calls = new Calls();
    const failed = watch(module.call('mapLimit', short, 4, calls.fn));
    await until(module, () => short.asked > 2, ASKS);
    calls.running[0].fail(new Error('no'));
    calls.running[0].finish();
    await untilRejected(module, failed, REJECTS);
    await module.settle();
    assert.ok(
      short.closed === 0,
      'An iterator that has come to its end should not be closed, after a failure either.',
    );
  },

  'waits-for-no-item-once-stopped': async ({ module, random }) => {
    const reason = new Error(random.word(8));
    const stopped = [
      { running: 2, what: 'the signal has aborted', stop: ({ controller }) => controller.abort(reason) },
      { running: 0, what: 'the signal has aborted', stop: ({ controller }) => controller.abort(reason) },
      { running: 2, what: 'a call has failed', stop: ({ calls }) => calls.running[0].fail(reason) },
    ];
    for (const { running, what, stop } of stopped) {
      const never = () => new Promise(() => {});
      const source = new Source((index) => (index < running ? index : Source.LATER), never);
      const controller = new AbortController();
      const { signal } = controller;
      const calls = new Calls();
      const outcome = watch(module.call('mapLimit', source, 3, calls.fn, { signal }));
      await untilStarted(module, calls, running, STARTS_FROM_SOURCE);
      await until(module, () => source.waiting > 0, ASKS);
      stop({ controller, calls });
      await module.settle();
      for (const call of calls.running) call.finish();
      const received = await untilRejected(
        module,
        outcome,
        `When ${what} and no call runs, the promise should reject, though an item that was asked for has not come.`,
      );
      expectSame(received, reason, `When ${what}, the promise should reject with what went wrong first.`);

      // Whatever still comes from the source starts no call, and is no unhandled rejection, which would end the process.
      if (what === 'a call has failed') source.breakWith(new Error('too late'));
      else source.deliver('too late');
      await module.settle();
      assert.ok(
        calls.started.length === running,
        'No call should start for an item that arrives after a failure or an abort.',
      );
    }
  },
};
