import { performance } from 'node:perf_hooks';

/** How long one call of mapLimit takes, as seen from here. The work happens in the module's process. */
async function elapsedMs(module, ...args) {
  const start = performance.now();
  await module.call('mapLimit', ...args);
  return performance.now() - start;
}

const SLOW_MS = 24;
const FAST_MS = 3;

/** Of four items in a row one is slow: whoever waits for all four before going on takes about three times as long. */
function someDurations(random) {
  const rows = Array.from({ length: 40 }, () => random.shuffle([SLOW_MS, FAST_MS, FAST_MS, FAST_MS]));
  return rows.flat();
}

const INSTANT_ITEMS = 100_000;
const HOPELESS_MS = 2_000;

export default {
  'takes-no-longer-than-needed': async ({ compare, random }) => {
    const durations = someDurations(random);
    await compare({
      measure: ({ module }) =>
        elapsedMs(
          module,
          durations,
          4,
          module.local('(ms) => new Promise((resolve) => { setTimeout(resolve, ms); })'),
        ),
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
          const items = module.local(`Array.from({ length: ${INSTANT_ITEMS} }, (_, index) => index)`);
          const elapsed = await elapsedMs(module, items, limit, module.local('async () => 0'));
          bestMs = Math.min(bestMs, elapsed);
          if (elapsed > HOPELESS_MS) break;
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
