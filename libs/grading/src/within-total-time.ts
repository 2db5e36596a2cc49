import type { GradeRequest } from './grade-request.js';
import type { GradingResult } from './grading-result.js';
import { PlatformFailure } from './platform-failure.js';
import { totalTimeMs } from './total-time.js';

/** For a grading that was told to stop to close what it has opened; one that hangs even then is left behind. */
const CLOSE_WITHIN_MS = 30_000;

interface TimeLimits {
  totalMs?: number;
  closeMs?: number;
}

/**
 * Runs `grade` with a signal that also aborts when the task's total time is over. That is our failure, whatever `grade`
 * makes of it: it ends as `platform_failure` with the time as its reason. `limits` are for specs.
 */
export async function withinTotalTime<R extends GradeRequest>(
  request: R,
  grade: (request: R) => Promise<GradingResult>,
  limits: TimeLimits = {},
): Promise<GradingResult> {
  const { manifest } = request.bundle;
  const { totalMs = totalTimeMs(manifest, manifest.checks[request.checks]), closeMs = CLOSE_WITHIN_MS } =
    limits;
  const seconds = Math.round(totalMs / 1000);
  const tooLong = new PlatformFailure(
    `the grading took longer than the ${seconds} s that the task’s own times allow in all`,
  );
  // A controller of our own: on Node 20 a signal of AbortSignal.any or timeout may be collected and never abort.
  const stop = new AbortController();
  const follow = () => stop.abort(request.signal?.reason);
  if (request.signal?.aborted) follow();
  request.signal?.addEventListener('abort', follow, { once: true });
  let hasRunOut = false;
  let leave: NodeJS.Timeout | undefined;
  let limit: NodeJS.Timeout | undefined;
  const overdue = new Promise<null>((resolve) => {
    limit = setTimeout(() => {
      hasRunOut = !stop.signal.aborted;
      stop.abort(tooLong);
      leave = setTimeout(() => resolve(null), closeMs);
    }, totalMs);
  });
  try {
    const ended = await Promise.race([grade({ ...request, signal: stop.signal }), overdue]);
    // What was completed in the last moment counts.
    if (ended?.outcome === 'completed' || (ended && !hasRunOut)) return ended;
    if (!request.signal?.aborted) request.onPlatformFailure?.(tooLong);
    return failed(request, ended, tooLong.message);
  } finally {
    clearTimeout(limit);
    clearTimeout(leave);
    request.signal?.removeEventListener('abort', follow);
  }
}

function failed(request: GradeRequest, ended: GradingResult | null, reason: string): GradingResult {
  const { id: task, version } = request.bundle.manifest;
  return {
    task,
    version,
    engine: ended?.engine ?? null,
    outcome: 'platform_failure',
    reason,
    score: null,
    seed: request.seed,
    checks: [],
    output: '',
  };
}
