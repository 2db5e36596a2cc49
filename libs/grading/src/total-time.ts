import { type CheckSpec, startTimeoutMsOf, type TaskManifest } from '@assay/tasks';

/** For the pods of a grading and the checks process in them to come up, and for all of it to end. */
const AROUND_CHECKS_MS = 120_000;
/** Beside a check's own time: its end in the harness, sidecars, and a server that is given time to end by itself. */
const BESIDE_CHECK_MS = 30_000;

/**
 * The longest that a grading may take in all, in ms: every start and every check as long as the task allows it, one after
 * the other, and generous room around each. Whoever needs more is held up by something of ours, not by the solution: each
 * of its own steps has a limit that ends it earlier.
 */
export function totalTimeMs(manifest: TaskManifest, checks: readonly CheckSpec[]): number {
  // A module may take its time to start twice: to listen, and to say what it exports.
  const startMs = 2 * startTimeoutMsOf(manifest);
  return checks.reduce(
    (total, { timeoutMs }) => total + startMs + timeoutMs + BESIDE_CHECK_MS,
    AROUND_CHECKS_MS,
  );
}
