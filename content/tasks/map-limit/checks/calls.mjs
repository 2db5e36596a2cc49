import assert, { AssertionError } from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';

/** What the sample and the hidden checks share. */

/** For how long, and how often at least, a check looks again before it says that something does not happen. */
const PATIENCE_MS = 1_000;
const PATIENCE_ROUNDS = 20;

/** What is expected in many checks, as candidates read it. */
export const RESOLVES = 'When every call has ended, the promise should resolve.';
export const REJECTS = 'When a call has failed and no other runs, the promise should reject.';
export const REJECTS_WHEN_ABORTED =
  'When the signal has aborted and no call runs, the promise should reject.';
export const STARTS = 'While there are items left, as many calls as the limit allows should run.';
export const STARTS_FROM_SOURCE =
  'With an async iterable as items, a call should start for every item that has come while a place is free.';
export const ASKS = 'While places are free, further items should be asked for.';
export const NO_CALL_AFTER_FAILURE = 'After a failure no further call of fn should start.';
export const NO_CALL_AFTER_ABORT = 'After the signal aborted, no further call of fn should start.';

/** `count` different words. */
export const someItems = (random, count) =>
  Array.from({ length: count }, (_, index) => `${random.word(6)}${index}`);

/** The calls of one `fn`, which run until the check ends them. */
export class Calls {
  /** In the order in which they were started. */
  started = [];
  peak = 0;

  /** What to hand to mapLimit. */
  fn = (...args) =>
    new Promise((resolve, reject) => {
      const call = {
        item: args[0],
        index: args[1],
        isRunning: true,
        finish: (result) => {
          call.isRunning = false;
          resolve(result);
        },
        fail: (error) => {
          call.isRunning = false;
          reject(error);
        },
      };
      this.started.push(call);
      this.peak = Math.max(this.peak, this.running.length);
    });

  get running() {
    return this.started.filter((call) => call.isRunning);
  }
}

/** A call of mapLimit, whose `state` says how it stands. Its rejection is never unhandled. */
export function watch(promise) {
  const outcome = { state: 'pending', value: undefined, error: undefined };
  promise.then(
    (value) => Object.assign(outcome, { state: 'fulfilled', value }),
    (error) => Object.assign(outcome, { state: 'rejected', error }),
  );
  return outcome;
}

/** Waits until `condition` holds; fails with `message` if it does not, although nothing is on its way any more. */
export async function until(module, condition, message) {
  const deadline = performance.now() + PATIENCE_MS;
  for (let round = 1; ; round += 1) {
    await module.settle();
    if (condition()) return;
    assert.ok(round < PATIENCE_ROUNDS || performance.now() < deadline, message);
  }
}

/** Waits until so many calls have been started, and have arrived here. */
export function untilStarted(module, calls, count, message) {
  return until(module, () => calls.started.length >= count, message);
}

export async function untilFulfilled(module, outcome, message) {
  await until(module, () => outcome.state !== 'pending', message);
  assert.ok(outcome.state === 'fulfilled', `${message} Instead it rejected.`);
  return outcome.value;
}

export async function untilRejected(module, outcome, message) {
  await until(module, () => outcome.state !== 'pending', message);
  assert.ok(outcome.state === 'rejected', `${message} Instead it resolved.`);
  return outcome.error;
}

/** Ends every call with `resultOf(call)`, the newest running one first, until `count` calls have ended. */
export async function finishNewestFirst(module, calls, count, resultOf) {
  const message =
    'Every item should get a call of fn, but no further call starts although every one has ended.';
  for (let ended = 0; ended < count; ended += 1) {
    await until(module, () => calls.running.length > 0, message);
    const call = calls.running.at(-1);
    call.finish(resultOf(call));
  }
}

/** Like assert.deepEqual, which appends a diff to the message in Node 20.20: a candidate reads these messages. */
export function expectEqual(actual, expected, message) {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError({ message, actual, expected, operator: 'equal' });
}

/** The very same value: `===`, but NaN is itself. */
export function expectSame(actual, expected, message) {
  assert.ok(Object.is(actual, expected), message);
}
