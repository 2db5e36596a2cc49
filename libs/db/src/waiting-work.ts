import type { getGradingQueue, ReplyOf } from '@assay/contracts/http';
import { estimateWaitMs } from '@assay/core/grading';
import type { Database } from './database.js';

export interface WorkCount {
  queue: 'grading' | 'run';
  state: 'queued' | 'running' | 'needs_attention';
  count: number;
}

/** How much work waits, runs or needs a person, by queue; a state that nothing is in is left out. */
export async function countWork(db: Database): Promise<WorkCount[]> {
  return db.prisma.$queryRaw<WorkCount[]>`
    SELECT 'grading' AS queue, state::text, count(*)::int AS count FROM grading
      WHERE state IN ('queued', 'running', 'needs_attention') GROUP BY state
    UNION ALL
    SELECT 'run', state::text, count(*)::int FROM run WHERE state IN ('queued', 'running') GROUP BY state`;
}

/** So many gradings tell how long one takes, none of them older than a day. */
const RECENT_GRADINGS = 50;

/** How the queue of gradings stands, in the whole system: workers grade for every organisation. */
export async function readGradingQueue(db: Database): Promise<ReplyOf<typeof getGradingQueue>> {
  const [[queue], recent] = await Promise.all([
    db.prisma.$queryRaw<[{ waiting: number; running: number; oldestWaitMs: number | null }]>`
      SELECT (count(*) FILTER (WHERE state = 'queued'))::int AS waiting,
        (count(*) FILTER (WHERE state = 'running'))::int AS running,
        greatest(0, round(extract(epoch FROM clock_timestamp() - min(queued_at) FILTER (WHERE state = 'queued')) * 1000))::float8 AS "oldestWaitMs"
      FROM grading WHERE state IN ('queued', 'running')`,
    db.prisma.$queryRaw<{ durationMs: number }[]>`
      SELECT (extract(epoch FROM completed_at - started_at) * 1000)::float8 AS "durationMs" FROM grading
      WHERE state = 'completed' AND completed_at > now() - interval '1 day' AND started_at IS NOT NULL
      ORDER BY completed_at DESC LIMIT ${RECENT_GRADINGS}`,
  ]);
  const recentDurationsMs = recent.map(({ durationMs }) => durationMs);
  // `greatest` ignores what is null.
  const oldestWaitMs = queue.waiting > 0 ? queue.oldestWaitMs : null;
  return { ...queue, oldestWaitMs, estimatedWaitMs: estimateWaitMs({ ...queue, recentDurationsMs }) };
}
