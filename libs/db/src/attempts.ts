import type { getAttempt, ReplyOf } from '@assay/contracts/http';
import {
  type Attempt,
  assertNotClosed,
  assertStartable,
  attemptState,
  CONSENT_TEXT,
  closingTime,
} from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent, appendStaffEvent } from './events.js';
import type { GradingState } from './generated/client.js';
import { lockRow } from './locked-rows.js';
import { newestVersions, starterFiles } from './published-tasks.js';

/** Locks an attempt, then reads it and the database's clock: whatever is decided on them stays true. */
export async function lockAttempt(tx: Transaction, attemptId: string) {
  await lockRow(tx, 'attempt', attemptId);
  const attempt = await tx.attempt.findUniqueOrThrow({ where: { id: attemptId } });
  return { attempt, now: await databaseNow(tx) };
}

/** What candidates ask for most, hence one statement for what Prisma would ask in ten. */
const READ_ATTEMPT = {
  name: 'read-attempt',
  text: `
    SELECT attempt.id AS key, attempt.id, organisation.name AS organisation, role.title AS role, assessment.name AS assessment,
      attempt.minutes, attempt.consented_at AS "consentedAt", attempt.consent_text AS "consentText",
      attempt.started_at AS "startedAt", attempt.closes_at AS "closesAt", attempt.closed_at AS "closedAt",
      clock_timestamp() AS now, tasks.list AS tasks
    FROM attempt
    JOIN assessment ON assessment.id = attempt.assessment_id
    JOIN candidacy ON candidacy.id = attempt.candidacy_id
    JOIN role ON role.id = candidacy.role_id
    JOIN organisation ON organisation.id = candidacy.organisation_id
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'taskId', task_version.task_id, 'title', task_version.title, 'minutes', task_version.minutes,
        'submissionId', submission.id, 'submittedAt', submission.submitted_at, 'gradingState', grading.state,
        'queuePosition', waiting.queue_position
      ) ORDER BY attempt_task.position), '[]') AS list
      FROM attempt_task
      JOIN task_version ON task_version.id = attempt_task.task_version_id
      LEFT JOIN submission ON submission.attempt_id = attempt.id AND submission.task_version_id = task_version.id
      LEFT JOIN grading ON grading.id = submission.current_grading_id
      LEFT JOIN LATERAL (
        SELECT CASE mine.state WHEN 'running' THEN 0 ELSE (
          SELECT count(*) FROM grading AS other WHERE other.state = 'queued'
            AND (other.turn, other.queued_at, other.id) <= (mine.turn, mine.queued_at, mine.id)
        ) END AS queue_position
        FROM grading AS mine WHERE mine.submission_id = submission.id AND mine.state IN ('queued', 'running')
          AND submission.current_grading_id IS NULL
        LIMIT 1
      ) AS waiting ON true
      WHERE attempt_task.attempt_id = attempt.id
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
  tasks: {
    taskId: string;
    title: string;
    minutes: number;
    submissionId: string | null;
    submittedAt: string | null;
    gradingState: GradingState | null;
    queuePosition: number | null;
  }[];
}

export async function getAttemptView(db: Database, attemptId: string): Promise<ReplyOf<typeof getAttempt>> {
  const attempt = await db.lookUp<AttemptRow>(READ_ATTEMPT, attemptId);
  if (!attempt) throw new AppError('resource.not_found', 'There is no such attempt.');
  return {
    id: attempt.id,
    organisation: attempt.organisation,
    role: attempt.role,
    assessment: attempt.assessment,
    minutes: attempt.minutes,
    state: attemptState(attempt, attempt.now),
    consentText: attempt.consentText ?? CONSENT_TEXT,
    now: attempt.now.toISOString(),
    startedAt: attempt.startedAt?.toISOString() ?? null,
    closesAt: attempt.closesAt?.toISOString() ?? null,
    closedAt: attempt.closedAt?.toISOString() ?? null,
    tasks: attempt.tasks.map(
      ({ taskId, title, minutes, submissionId, submittedAt, gradingState, queuePosition }) => ({
        taskId,
        title,
        minutes,
        submission:
          submissionId && submittedAt
            ? {
                id: submissionId,
                submittedAt: new Date(submittedAt).toISOString(),
                state: gradingState === 'completed' ? ('graded' as const) : ('grading' as const),
                queuePosition,
              }
            : null,
      }),
    ),
  };
}

/** Keeps the text that was agreed to. Agreeing twice changes nothing. */
export async function recordConsent(db: Database, attemptId: string) {
  await db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    assertNotClosed(attempt, now);
    if (!attempt.consentedAt) {
      await tx.attempt.update({
        where: { id: attemptId },
        data: { consentedAt: now, consentText: CONSENT_TEXT },
      });
    }
  });
  return getAttemptView(db, attemptId);
}

/** Starts the clock and pins allowance and task versions. Starting twice changes nothing. */
export async function beginAttempt(db: Database, attemptId: string) {
  await db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    assertStartable(attempt, now);
    if (attempt.startedAt) return;
    const { minutes, tasks } = await tx.assessment.findUniqueOrThrow({
      where: { id: attempt.assessmentId },
      include: { tasks: { orderBy: { position: 'asc' } } },
    });
    const versions = await newestVersions(
      tx,
      tasks.map(({ taskId }) => taskId),
    );
    for (const [position, version] of versions.entries()) {
      await tx.attemptTask.create({
        data: {
          attemptId,
          position,
          taskVersionId: version.id,
          files: { create: starterFiles(version).map((file) => ({ ...file, revision: 1, savedAt: now })) },
        },
      });
    }
    const closesAt = closingTime(now, minutes);
    await tx.attempt.update({ where: { id: attemptId }, data: { startedAt: now, closesAt, minutes } });
    await appendCandidateEvent(tx, attemptId, { type: 'attempt.started', closesAt: closesAt.toISOString() });
    await appendStaffEvent(tx, attempt.candidacyId, { type: 'attempt.started', attemptId });
  });
  return getAttemptView(db, attemptId);
}
