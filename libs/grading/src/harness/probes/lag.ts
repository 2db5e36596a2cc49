import { setTimeout as delay } from 'node:timers/promises';
import type { HttpTools } from '../http-subject.js';
import { percentile } from '../load.js';
import { demand, demandPing, demandStatus } from './demand.js';
import type { Probe, SpecOf } from './probe.js';

const WORKERS = 4;
const PER_SECOND = 50;
/** A container may have 256 files open: never more than 175 pings and the heavy ones at once. */
const PING_TIMEOUT_MS = 3_500;
const HEAVY_TIMEOUT_MS = 40_000;
const WARM_UP_PINGS = 10;
/** Answers of a server that has enough to do already, which it may say. */
const OVERLOADED = [429, 503];
const PAUSE_WHEN_OVERLOADED_MS = 100;

const MESSAGE = 'While heavy requests are worked on, other requests must be answered quickly.';

/** Pings on schedule while heavy requests repeat; a loop that is blocked answers them late. */
export const lag: Probe<'lag'> = ({ compare }, spec) =>
  compare({
    env: spec.env,
    measure: (tools) => pingsUnderLoad(tools, spec),
    limit: (reference) => Math.max(3 * reference, reference + 50),
    unit: 'ms',
    message: MESSAGE,
  });

async function pingsUnderLoad({ http, load }: HttpTools, { ping, heavy, seconds }: SpecOf<'lag'>) {
  // The first requests of a process are slow for reasons of their own.
  const first = await http.request({ ...heavy, timeoutMs: HEAVY_TIMEOUT_MS });
  const heavyLabel = `${heavy.method} ${heavy.path}`;
  demandStatus(first, 'a 2xx status', `${heavyLabel} must be answered with 2xx.`);
  for (let i = 0; i < WARM_UP_PINGS; i += 1) await demandPing(http, ping, 'when nothing else is asked');

  const counts = { done: 0, odd: 0 };
  const running = load.keepRunning(WORKERS, async () => {
    const { status } = await http.request({ ...heavy, timeoutMs: HEAVY_TIMEOUT_MS });
    if (OVERLOADED.includes(status)) await delay(PAUSE_WHEN_OVERLOADED_MS);
    else if (status >= 200 && status < 300) counts.done += 1;
    else counts.odd += 1;
  });
  const { latenciesMs, statuses } = await load.openLoop({
    perSecond: PER_SECOND,
    seconds,
    request: () => ping,
    timeoutMs: PING_TIMEOUT_MS,
  });
  const { errors } = await running.stop();
  demand(
    counts.odd + errors === 0 && counts.done > 0,
    `${heavyLabel} must be answered with 2xx, or with 503 when too many come at once, also when ${WORKERS} clients ask.`,
  );
  const isOdd = Object.keys(statuses).some((status) => !status.startsWith('2'));
  demand(!isOdd, `${ping.method} ${ping.path} must be answered with 2xx while heavy requests are worked on.`);
  return quieterHalf(latenciesMs);
}

/** The p95 of the better half: what else runs on the machine passes, what the server does goes on. */
function quieterHalf(latenciesMs: readonly number[]): number {
  const half = latenciesMs.length / 2;
  return Math.min(percentile(latenciesMs.slice(0, half), 0.95), percentile(latenciesMs.slice(half), 0.95));
}
