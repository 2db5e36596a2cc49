import type { QueueName } from '@assay/contracts/jobs';
import type { Transaction } from './database.js';
import { Prisma } from './generated/client.js';

/** What waits or is worked on, by queue: `turn`, `state`, `attempt_id`, `organisation_id`, `queued_at`, `id`. */
const OPEN_WORK: Record<QueueName, Prisma.Sql> = {
  grading: Prisma.sql`
    SELECT grading.id, grading.turn, grading.state::text, grading.queued_at, attempt.id AS attempt_id, candidacy.organisation_id
    FROM grading JOIN submission ON submission.id = grading.submission_id
    JOIN attempt ON attempt.id = submission.attempt_id JOIN candidacy ON candidacy.id = attempt.candidacy_id
    WHERE grading.state IN ('queued', 'running')`,
  run: openRuns('checks'),
  live: openRuns('server'),
};

function openRuns(kind: 'checks' | 'server'): Prisma.Sql {
  return Prisma.sql`
    SELECT run.id, run.turn, run.state::text, run.created_at AS queued_at, attempt.id AS attempt_id, candidacy.organisation_id
    FROM run JOIN attempt_task ON attempt_task.id = run.attempt_task_id
    JOIN attempt ON attempt.id = attempt_task.attempt_id JOIN candidacy ON candidacy.id = attempt.candidacy_id
    WHERE run.state IN ('queued', 'running') AND run.kind = ${kind}::run_kind`;
}

/**
 * The turn of what an attempt now queues. Organisations take turns: whoever has nothing waiting gets the turn that is
 * being worked on, so before all that others have waiting; whoever has, the turn after their last. Within an
 * organisation attempts do likewise. This is start-time fair queueing (Goyal, Vin, Cheng 1996) with every piece of
 * work of size one; a newcomer who kept coming would still leave the others their turns.
 */
export async function nextTurn(tx: Transaction, queue: QueueName, attemptId: string): Promise<number> {
  const [row] = await tx.$queryRaw<[{ turn: number }]>`
    WITH open AS (${OPEN_WORK[queue]}),
    ours AS (
      SELECT turn, row_number() OVER (PARTITION BY attempt_id ORDER BY turn, queued_at, id) AS nth FROM open
      WHERE organisation_id = (SELECT organisation_id FROM candidacy JOIN attempt ON attempt.candidacy_id = candidacy.id
        WHERE attempt.id = ${attemptId}::uuid))
    SELECT greatest(
      (SELECT max(turn) FROM open WHERE state = 'running'),
      (SELECT max(turn) + 1 FROM ours
        WHERE nth <= 1 + (SELECT count(*) FROM open WHERE attempt_id = ${attemptId}::uuid)),
      CASE WHEN EXISTS (SELECT FROM open WHERE state = 'running') THEN 0 ELSE (SELECT min(turn) FROM open) END,
      0) AS turn`;
  return row.turn;
}

/** 0: being worked on; 1: next; null: neither waiting nor worked on. */
export async function queuePosition(tx: Transaction, queue: QueueName, id: string): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ position: number }[]>`
    WITH open AS (${OPEN_WORK[queue]})
    SELECT CASE mine.state WHEN 'running' THEN 0 ELSE (
      SELECT count(*)::int FROM open
      WHERE state = 'queued' AND (open.turn, open.queued_at, open.id) <= (mine.turn, mine.queued_at, mine.id)
    ) END AS position
    FROM open AS mine WHERE mine.id = ${id}::uuid`;
  return row?.position ?? null;
}
