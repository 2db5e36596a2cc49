import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';

const SLOW_MS = 24;
const FAST_MS = 3;

/** Of four items in a row one is slow: whoever waits for all four before going on takes about three times as long. */
function someDurations(random) {
  const rows = Array.from({ length: 40 }, () => random.shuffle([SLOW_MS, FAST_MS, FAST_MS, FAST_MS]));
  return rows.flat();
}

/** Made in the module's process, so that nothing but mapLimit takes time. */
const sleeper = (module) => module.local('(ms) => new Promise((resolve) => { setTimeout(resolve, ms); })');

const INSTANT_ITEMS = 100_000;
const HOPELESS_MS = 2_000;

/** How long 100,000 calls that end at once take. The last one fails, to spare us 100,000 results on their way here. */
async function instantCallsMs(module, limit) {
  const items = module.local(`Array.from({ length: ${INSTANT_ITEMS} }, (_, index) => index)`);
  const fn = module.local(`async (index) => {
    if (index === ${INSTANT_ITEMS - 1}) throw new RangeError('the last one');
    return index;
  }`);
  const start = performance.now();
  const error = await module.call('mapLimit', items, limit, fn).then(
    () => assert.fail('When the last of 100,000 calls fails, the promise should reject.'),
    (reason) => reason,
  );
  const elapsedMs = performance.now() - start;
  if (!(error instanceof RangeError && error.message === 'the last one')) throw error;
  return elapsedMs;
}

export default {
  'takes-no-longer-than-needed': async ({ compare, random }) => {
    const durations = someDurations(random);
    await compare({
      measure: async ({ module }) => {
        const start = performance.now();
        await module.call('mapLimit', durations, 4, sleeper(module));
        return performance.now() - start;
      },
      limit: (reference) => Math.max(1.3 * reference, reference + 60),
      unit: 'ms',
      message:
        'When calls take different times, the whole should take at most 1.3 times as long as our solution.',
    });
  },

  'handles-100000-items-quickly': async ({ compare, random }) => {
    const limit = random.integer(40, 60);
    await compare({
      /** The best of three, since the first one warms up; one is enough for a solution that is far too slow. */
      measure: async ({ module }) => {
        let bestMs = Number.POSITIVE_INFINITY;
        for (let round = 0; round < 3; round += 1) {
          bestMs = Math.min(bestMs, await instantCallsMs(module, limit));
          if (bestMs > HOPELESS_MS) break;
        }
        return bestMs;
      },
      limit: (reference) => Math.max(3 * reference, reference + 150),
      unit: 'ms',
      message:
        '100,000 items whose calls end at once should take at most 3 times as long as with our solution.',
    });
  },
};
