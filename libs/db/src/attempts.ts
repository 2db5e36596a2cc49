import { type getAttempt, PRACTICE_TASK_ID, type ReplyOf } from '@assay/contracts/http';
import {
  ATTEMPT_RULES,
  type Attempt,
  assertNotClosed,
  attemptState,
  breaksLeft,
  CONSENT_TEXT,
  withdrawalFinalAt,
} from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { accommodationOf, clockOf, settleAttempt } from './attempt-clock.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import type { AttemptRequestState, GradingState, Prisma } from './generated/client.js';
import { lockRow } from './locked-rows.js';
import { openPractice } from './practice.js';

/**
 * Locks an attempt, then reads it and the database's clock: whatever is decided on them stays true. One whose time seems
 * to be over is settled first: an outage of ours may have given it more.
 */
export async function lockAttempt(tx: Transaction, attemptId: string) {
  await lockRow(tx, 'attempt', attemptId);
  const attempt = await tx.attempt.findUniqueOrThrow({ where: { id: attemptId } });
  const now = await databaseNow(tx);
  const seemsOver = !attempt.closedAt && attempt.closesAt !== null && attempt.closesAt <= now;
  return { attempt: seemsOver ? await settleAttempt(tx, attempt, now) : attempt, now };
}

/** What candidates ask for most, hence one statement for what Prisma would ask in ten. */
const READ_ATTEMPT = {
  name: 'read-attempt',
  text: `
    SELECT attempt.id AS key, attempt.id, organisation.name AS organisation, role.title AS role, assessment.name AS assessment,
      attempt.minutes, attempt.consented_at AS "consentedAt", attempt.consent_text AS "consentText",
      attempt.started_at AS "startedAt", attempt.closes_at AS "closesAt", attempt.closed_at AS "closedAt",
      attempt.withdrawn_at AS "withdrawnAt", attempt.credits, attempt.accommodation,
      attempt.break_began_at AS "breakBeganAt", attempt.break_ends_at AS "breakEndsAt",
      CASE WHEN attempt.accommodation IS NULL THEN '[]' ELSE (
        SELECT coalesce(json_agg(json_build_object('from', began_at, 'to', ended_at)), '[]')
        FROM attempt_interval WHERE attempt_id = attempt.id AND kind = 'break') END AS breaks,
      CASE WHEN attempt.started_at IS NULL AND attempt.consented_at IS NOT NULL THEN (
        SELECT task_version.title FROM attempt_task JOIN task_version ON task_version.id = attempt_task.task_version_id
        WHERE attempt_task.attempt_id = attempt.id AND attempt_task.is_practice) END AS "practiceTitle",
      (SELECT json_object_agg(kind, json_build_object('state', state, 'text', text, 'answer', answer, 'dueAt', due_at)
        ORDER BY sent_at, id) FROM attempt_request WHERE attempt_id = attempt.id AND kind <> 'problem_report') AS requests,
      clock_timestamp()::timestamptz(3) AS now, tasks.list AS tasks
    FROM attempt
    JOIN assessment ON assessment.id = attempt.assessment_id
    JOIN candidacy ON candidacy.id = attempt.candidacy_id
    JOIN role ON role.id = candidacy.role_id
    JOIN organisation ON organisation.id = candidacy.organisation_id
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'taskId', task_version.task_id, 'title', task_version.title, 'minutes', task_version.minutes,
        'submissionId', submission.id, 'submittedAt', submission.submitted_at, 'sha256', submission.snapshot_sha256,
        'files', (SELECT count(*) FROM workspace_file WHERE workspace_file.attempt_task_id = attempt_task.id),
        'gradingState', grading.state, 'queuePosition', waiting.queue_position,
        'delayedByUs', coalesce(waiting.is_delayed_by_us, false)
      ) ORDER BY attempt_task.position), '[]') AS list
      FROM attempt_task
      JOIN task_version ON task_version.id = attempt_task.task_version_id
      LEFT JOIN submission ON submission.attempt_id = attempt.id AND submission.task_version_id = task_version.id
      LEFT JOIN grading ON grading.id = submission.current_grading_id
      LEFT JOIN LATERAL (
        SELECT CASE mine.state WHEN 'running' THEN 0 WHEN 'queued' THEN (
          SELECT count(*) FROM grading AS other WHERE other.state = 'queued'
            AND (other.turn, other.queued_at, other.id) <= (mine.turn, mine.queued_at, mine.id)
        ) END AS queue_position, mine.platform_failures > 0 OR mine.state = 'needs_attention' AS is_delayed_by_us
        FROM grading AS mine WHERE mine.submission_id = submission.id AND mine.state <> 'completed'
          AND submission.current_grading_id IS NULL
        LIMIT 1
      ) AS waiting ON true
      WHERE attempt_task.attempt_id = attempt.id AND NOT attempt_task.is_practice
    ) AS tasks
    WHERE attempt.id = ANY($1)`,
};

interface AttemptRow extends Attempt {
  id: string;
  organisation: string;
  role: string;
  assessment: string;
  consentText: string | null;
  now: Date;
  credits: Prisma.JsonValue;
  accommodation: unknown;
  breakBeganAt: Date | null;
  breaks: { from: string; to: string | null }[];
  practiceTitle: string | null;
  /** The newest of a kind. */
  requests: { extra_time?: RequestRow; appeal?: RequestRow } | null;
  tasks: {
    taskId: string;
    title: string;
    minutes: number;
    submissionId: string | null;
    submittedAt: string | null;
    sha256: string;
    files: number;
    delayedByUs: boolean;
    gradingState: GradingState | null;
    queuePosition: number | null;
  }[];
}

interface RequestRow {
  state: AttemptRequestState;
  text: string;
  answer: string | null;
  dueAt: string | null;
}

export async function getAttemptView(db: Database, attemptId: string): Promise<ReplyOf<typeof getAttempt>> {
  const row = await findAttemptRow(db, attemptId);
  if (row.closedAt || attemptState(row, row.now) !== 'closed') return toView(row);
  // Its time seems to be over, and nobody has closed it yet: an outage of ours may have given it more.
  await db.transaction((tx) => lockAttempt(tx, attemptId));
  return toView(await findAttemptRow(db, attemptId));
}

async function findAttemptRow(db: Database, attemptId: string): Promise<AttemptRow> {
  const row = await db.lookUp<AttemptRow>(READ_ATTEMPT, attemptId);
  if (!row) throw new AppError('resource.not_found', 'There is no such attempt.');
  return row;
}

function toView(attempt: AttemptRow): ReplyOf<typeof getAttempt> {
  const { now, withdrawnAt, practiceTitle } = attempt;
  const accommodation = accommodationOf(attempt);
  const { extra_time: extraTime, appeal } = attempt.requests ?? {};
  return {
    id: attempt.id,
    organisation: attempt.organisation,
    role: attempt.role,
    assessment: attempt.assessment,
    minutes: attempt.minutes,
    state: attemptState(attempt, attempt.now),
    consentText: attempt.consentText ?? CONSENT_TEXT,
    rules: ATTEMPT_RULES,
    now: now.toISOString(),
    startedAt: attempt.startedAt?.toISOString() ?? null,
    ...clockOf(attempt, now),
    closedAt: attempt.closedAt?.toISOString() ?? null,
    breaks: breaksLeft(
      accommodation,
      // One that is on has lasted until now, or until its minutes were used up.
      attempt.breaks.map(({ from, to }) => ({ from: new Date(from), to: to ? new Date(to) : now })),
    ),
    accommodation,
    extraTimeRequest: extraTime ? { ...extraTime, state: stateOfExtraTime(extraTime.state) } : null,
    practice: practiceTitle === null ? null : { taskId: PRACTICE_TASK_ID, title: practiceTitle },
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
    withdrawalFinalAt: withdrawnAt && withdrawalFinalAt(withdrawnAt).toISOString(),
    appeal: appeal?.dueAt ? { ...appeal, dueAt: new Date(appeal.dueAt).toISOString() } : null,
    tasks: attempt.tasks.map(
      ({ taskId, title, minutes, submissionId, submittedAt, gradingState, ...submission }) => ({
        taskId,
        title,
        minutes,
        submission:
          submissionId && submittedAt
            ? {
                ...submission,
                id: submissionId,
                submittedAt: new Date(submittedAt).toISOString(),
                state: gradingState === 'completed' ? ('graded' as const) : ('grading' as const),
              }
            : null,
      }),
    ),
  };
}

/** Extra time is granted or declined, never just answered. */
const stateOfExtraTime = (state: AttemptRequestState) => (state === 'answered' ? 'declined' : state);

/** Keeps the text that was agreed to, and opens the practice task. Agreeing twice changes nothing. */
export async function recordConsent(db: Database, attemptId: string) {
  await db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    assertNotClosed(attempt, now);
    if (!attempt.consentedAt) {
      await tx.attempt.update({
        where: { id: attemptId },
        data: { consentedAt: now, consentText: CONSENT_TEXT },
      });
      await openPractice(tx, attemptId, now);
    }
  });
  return getAttemptView(db, attemptId);
}
