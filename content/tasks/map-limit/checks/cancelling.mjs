import assert from 'node:assert/strict';
import {
  Calls,
  expectSame,
  NO_CALL_AFTER_ABORT,
  REJECTS,
  REJECTS_WHEN_ABORTED,
  RESOLVES,
  STARTS,
  someItems,
  untilFulfilled,
  untilRejected,
  untilStarted,
  watch,
} from './calls.mjs';
import { Source } from './source.mjs';

export default {
  'rejects-with-the-reason-of-an-abort': async ({ module, random }) => {
    for (const reason of random.shuffle([new Error(random.word(8)), random.word(8), null, 0])) {
      const controller = new AbortController();
      const { signal } = controller;
      const calls = new Calls();
      const outcome = watch(module.call('mapLimit', someItems(random, 8), 3, calls.fn, { signal }));
      await untilStarted(module, calls, 3, STARTS);
      controller.abort(reason);
      const [interrupted, ...others] = random.shuffle(calls.running);
      for (const call of others) {
        await module.settle();
        assert.ok(
          outcome.state === 'pending',
          'After an abort the promise should not settle while calls are still running.',
        );
        call.finish();
        await module.settle();
        assert.ok(calls.started.length === 3, NO_CALL_AFTER_ABORT);
      }
      interrupted.fail(new Error('The operation was aborted'));
      const received = await untilRejected(module, outcome, REJECTS_WHEN_ABORTED);
      expectSame(
        received,
        reason,
        "The promise should reject with the signal's reason, the very same value.",
      );
    }

    const controller = new AbortController();
    const { signal } = controller;
    const calls = new Calls();
    const error = new Error(random.word(8));
    const outcome = watch(module.call('mapLimit', someItems(random, 8), 2, calls.fn, { signal }));
    await untilStarted(module, calls, 2, STARTS);
    calls.running[0].fail(error);
    await module.settle();
    controller.abort(new Error('ignored'));
    await module.settle();
    calls.running[0].finish();
    const received = await untilRejected(module, outcome, REJECTS);
    const message =
      'When a call fails and the signal aborts after that, the promise should reject with the failure.';
    expectSame(received, error, message);
  },

  'cancels-the-last-calls-too': async ({ module, random }) => {
    const reason = new Error(random.word(8));
    const controller = new AbortController();
    const { signal } = controller;
    const calls = new Calls();
    const outcome = watch(module.call('mapLimit', someItems(random, 3), 5, calls.fn, { signal }));
    await untilStarted(module, calls, 3, STARTS);
    controller.abort(reason);
    await module.settle();
    assert.ok(
      outcome.state === 'pending',
      'After an abort the promise should not settle while calls are still running.',
    );
    for (const call of calls.running) call.finish();
    const message = 'When the signal aborts while the last calls run, the promise should reject.';
    expectSame(
      await untilRejected(module, outcome, message),
      reason,
      "The promise should reject with the signal's reason, the very same value.",
    );
  },

  'starts-nothing-when-already-aborted': async ({ module, random }) => {
    const reason = new Error(random.word(8));
    for (const sources of [() => new Source((index) => index), () => someItems(random, 4)]) {
      const items = sources();
      const calls = new Calls();
      const options = { signal: AbortSignal.abort(reason) };
      const outcome = watch(module.call('mapLimit', items, 2, calls.fn, options));
      const what = 'With a signal that has aborted before the call';
      const received = await untilRejected(module, outcome, `${what} the promise should reject.`);
      expectSame(received, reason, `${what} the promise should reject with the signal's reason.`);
      await module.settle();
      assert.ok(calls.started.length === 0, `${what} fn should not be called.`);
      assert.ok(!(items instanceof Source) || items.asked === 0, `${what} no item should be asked for.`);
    }
  },

  'leaves-no-listeners': async ({ module, random }) => {
    const expectNone = async (controller, when) => {
      await module.settle();
      assert.ok(
        (await module.listeners(controller.signal)) === 0,
        `When the promise has ${when}, no abort listener should be left on the signal.`,
      );
      controller.abort(); // By now nobody may care: an unhandled rejection would end the process.
      await module.settle();
    };
    const start = (controller, limit, fn) =>
      watch(module.call('mapLimit', someItems(random, 5), limit, fn, { signal: controller.signal }));

    const unused = new AbortController();
    await untilFulfilled(
      module,
      start(unused, 2, async () => 'done'),
      RESOLVES,
    );
    await expectNone(unused, 'resolved');

    const failing = async () => {
      throw new Error('no');
    };
    const failed = new AbortController();
    await untilRejected(module, start(failed, 2, failing), REJECTS);
    await expectNone(failed, 'rejected');

    const invalid = new AbortController();
    await untilRejected(module, start(invalid, 0, failing), 'With a limit of 0 the promise should reject.');
    await expectNone(invalid, 'rejected');

    const late = new AbortController();
    late.abort();
    await untilRejected(module, start(late, 2, failing), 'With an aborted signal the promise should reject.');
    await expectNone(late, 'rejected');

    const aborted = new AbortController();
    const calls = new Calls();
    const outcome = start(aborted, 2, calls.fn);
    await untilStarted(module, calls, 2, STARTS);
    aborted.abort();
    await module.settle();
    for (const call of calls.running) call.finish();
    await untilRejected(module, outcome, REJECTS_WHEN_ABORTED);
    await expectNone(aborted, 'rejected');
  },
};
