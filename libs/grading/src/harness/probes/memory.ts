import { createHttpClient } from '../http-client.js';
import type { HttpTools } from '../http-subject.js';
import { COLLECTING_GARBAGE } from './collecting-garbage.js';
import { demand, PATIENCE_MS } from './demand.js';
import type { Probe, SpecOf } from './probe.js';

const MIB = 1024 * 1024;
const WORKERS = 8;
const SAMPLES_PER_WINDOW = 10;
/** From window to window, of a heap that is still finding its size; 0.6 was seen, in short forms and on a busy machine. */
const USUAL_GROWTH_MIB = 1;
/** The same request some thousand times: what a server keeps of each adds up, what it only uses does not. */
export const memory: Probe<'memory'> = ({ compare, port }, spec) =>
  compare({
    env: { ...spec.env, ...COLLECTING_GARBAGE },
    measure: (tools) => growth(tools, spec, port),
    limit: (reference) => Math.max(2 * reference, per1000(USUAL_GROWTH_MIB, spec)),
    unit: 'MiB for every 1,000 requests',
    message: 'Memory must not grow with the number of requests that were answered.',
  });

async function growth({ server }: HttpTools, spec: SpecOf<'memory'>, port: number): Promise<number> {
  const { warmUp, windows, requestsPerWindow } = spec;
  await send(warmUp, spec, port);
  const smallest: number[] = [];
  for (let window = 0; window < windows; window += 1) {
    let lowest = Number.POSITIVE_INFINITY;
    for (let sample = 0; sample < SAMPLES_PER_WINDOW; sample += 1) {
      await send(requestsPerWindow / SAMPLES_PER_WINDOW, spec, port);
      const { rssAnonBytes } = await server.usage();
      lowest = Math.min(lowest, rssAnonBytes);
    }
    smallest.push(lowest);
  }
  return Math.max(0, per1000(steadyGrowth(smallest) / MIB, spec));
}

const per1000 = (perWindow: number, { requestsPerWindow }: SpecOf<'memory'>): number =>
  (perWindow * 1_000) / requestsPerWindow;

async function send(count: number, { request }: SpecOf<'memory'>, port: number): Promise<void> {
  const http = createHttpClient(port); // what one client may receive is bounded
  let sent = 0;
  const worker = async () => {
    for (; sent < count; ) {
      sent += 1;
      const { status } = await http.request({ ...request, timeoutMs: PATIENCE_MS });
      demand(
        status >= 200 && status < 300,
        `${request.method} ${request.path} must be answered with 2xx however often it comes.`,
        { expected: 'a 2xx status', actual: String(status) },
      );
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

/**
 * The least that was added from one to the next over any half of them: what is kept of each request adds up in every half, while a
 * heap that finds its size grows by steps, most of them early.
 */
export function steadyGrowth(values: readonly number[]): number {
  const half = values.length >> 1;
  return Math.min(...values.slice(half).map((value, i) => (value - (values[i] ?? 0)) / half));
}
