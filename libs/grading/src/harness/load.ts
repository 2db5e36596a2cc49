import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { HttpClient, HttpRequest } from './http-client.js';
import { HttpProblem } from './http-problem.js';

const DEFAULT_TIMEOUT_MS = 5_000;

export interface OpenLoop {
  perSecond: number;
  seconds: number;
  /** The i-th request, from 0. */
  request(i: number): HttpRequest;
  timeoutMs?: number;
}

export interface LoadResult {
  /** In the order of the requests, each from the moment it was to be sent. */
  latenciesMs: number[];
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** Requests without an answer; each counts as `timeoutMs` at least, so that refusing is never fast. */
  errors: number;
  /** How many answers of each status. */
  statuses: Record<string, number>;
}

export interface RunningLoad {
  /** Ends it once the calls under way have ended. `count`: calls, with those that failed (`errors`). */
  stop(): Promise<{ count: number; errors: number }>;
}

/** What a check gets as `load`. */
export interface LoadTool {
  /**
   * Sends on schedule, whatever is still unanswered, and measures from the schedule: a server that stalls delays all
   * that should have been sent meanwhile, which a loop that waits for its answers would not notice.
   */
  openLoop(options: OpenLoop): Promise<LoadResult>;
  /** So many workers that call again as soon as their call has ended. */
  keepRunning(workers: number, work: (worker: number, i: number) => Promise<unknown>): RunningLoad;
}

export function createLoadTool(http: HttpClient): LoadTool {
  const openLoop = async ({ perSecond, seconds, request, timeoutMs = DEFAULT_TIMEOUT_MS }: OpenLoop) => {
    const statuses: Record<string, number> = {};
    let errors = 0;
    const startMs = performance.now();
    const send = async (i: number): Promise<number> => {
      const dueMs = startMs + (i * 1000) / perSecond;
      await delay(dueMs - performance.now());
      try {
        const { status } = await http.request({ timeoutMs, ...request(i) });
        statuses[status] = (statuses[status] ?? 0) + 1;
        return performance.now() - dueMs;
      } catch (error) {
        if (!(error instanceof HttpProblem)) throw error;
        errors += 1;
        return Math.max(performance.now() - dueMs, timeoutMs);
      }
    };
    const count = Math.round(perSecond * seconds);
    const latenciesMs = await Promise.all(Array.from({ length: count }, (_, i) => send(i)));
    return { latenciesMs, ...percentilesOf(latenciesMs), errors, statuses };
  };

  const keepRunning: LoadTool['keepRunning'] = (workers, work) => {
    let isStopped = false;
    let count = 0;
    let errors = 0;
    const loop = async (worker: number) => {
      for (let i = 0; !isStopped; i += 1) {
        try {
          await work(worker, i);
        } catch {
          errors += 1;
        }
        count += 1;
        await setImmediate(); // work that waits for nothing must not keep everything else from running
      }
    };
    const loops = Array.from({ length: workers }, (_, worker) => loop(worker));
    return {
      async stop() {
        isStopped = true;
        await Promise.all(loops);
        return { count, errors };
      },
    };
  };

  return { openLoop, keepRunning };
}

function percentilesOf(latenciesMs: readonly number[]) {
  const rank = (share: number) => percentile(latenciesMs, share);
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}

/** By nearest rank; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
