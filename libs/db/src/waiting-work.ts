import type { QueueName } from '@assay/contracts/jobs';
import type { Database } from './database.js';

export interface WorkCount {
  queue: QueueName;
  state: 'queued' | 'running' | 'needs_attention';
  count: number;
}

/** How much work waits, runs or needs a person, by queue; a state that nothing is in is left out. */
export async function countWork(db: Database): Promise<WorkCount[]> {
  return db.prisma.$queryRaw<WorkCount[]>`
    SELECT 'grading' AS queue, state::text, count(*)::int AS count FROM grading
      WHERE state IN ('queued', 'running', 'needs_attention') GROUP BY state
    UNION ALL
    SELECT CASE kind WHEN 'server' THEN 'live' ELSE 'run' END, state::text, count(*)::int FROM run
      WHERE state IN ('queued', 'running') GROUP BY kind, state`;
}
