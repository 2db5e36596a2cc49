/** How the queue of gradings stands. */
export interface QueueLoad {
  waiting: number;
  running: number;
  /** Of gradings that ended of late, from their start to their end. */
  recentDurationsMs: readonly number[];
}

/**
 * How long a grading that is queued now would wait, in ms: those before it, in rows of as many as are graded at once at
 * the moment, each as long as the median of the recent ones, of which half has gone by for those that run. Null when
 * nothing tells how long gradings take. Whether a worker is idle cannot be told from here: with none running, one is
 * taken to be there.
 */
export function estimateWaitMs({ waiting, running, recentDurationsMs }: QueueLoad): number | null {
  if (waiting + running === 0) return 0;
  if (recentDurationsMs.length === 0) return null;
  const sorted = recentDurationsMs.toSorted((a, b) => a - b);
  const medianMs = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const slots = Math.max(1, running);
  return Math.round(((waiting + running / 2) / slots) * medianMs);
}
