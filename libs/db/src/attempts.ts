import type { getAttempt, ReplyOf } from '@assay/contracts/http';
import {
  assertNotClosed,
  assertStartable,
  attemptState,
  CONSENT_TEXT,
  closingTime,
} from '@assay/core/assessment';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent, appendStaffEvent } from './events.js';
import { lockRow } from './locked-rows.js';
import { newestVersions, starterFiles } from './published-tasks.js';

/** Locks an attempt, then reads it and the database's clock: whatever is decided on them stays true. */
export async function lockAttempt(tx: Transaction, attemptId: string) {
  await lockRow(tx, 'attempt', attemptId);
  const attempt = await tx.attempt.findUniqueOrThrow({ where: { id: attemptId } });
  return { attempt, now: await databaseNow(tx) };
}

export async function getAttemptView(
  tx: Transaction,
  attemptId: string,
): Promise<ReplyOf<typeof getAttempt>> {
  const attempt = await tx.attempt.findUniqueOrThrow({
    where: { id: attemptId },
    include: {
      candidacy: { include: { role: true, organisation: true } },
      assessment: true,
      tasks: { orderBy: { position: 'asc' }, include: { taskVersion: true } },
      submissions: { include: { currentGrading: { select: { state: true } } } },
    },
  });
  const now = await databaseNow(tx);
  return {
    id: attempt.id,
    organisation: attempt.candidacy.organisation.name,
    role: attempt.candidacy.role.title,
    assessment: attempt.assessment.name,
    minutes: attempt.minutes,
    state: attemptState(attempt, now),
    consentText: attempt.consentText ?? CONSENT_TEXT,
    now: now.toISOString(),
    startedAt: attempt.startedAt?.toISOString() ?? null,
    closesAt: attempt.closesAt?.toISOString() ?? null,
    closedAt: attempt.closedAt?.toISOString() ?? null,
    tasks: attempt.tasks.map(({ taskVersion }) => {
      const submission = attempt.submissions.find(({ taskVersionId }) => taskVersionId === taskVersion.id);
      return {
        taskId: taskVersion.taskId,
        title: taskVersion.title,
        minutes: taskVersion.minutes,
        submission: submission
          ? {
              id: submission.id,
              submittedAt: submission.submittedAt.toISOString(),
              state:
                submission.currentGrading?.state === 'completed' ? ('graded' as const) : ('grading' as const),
            }
          : null,
      };
    }),
  };
}

/** Keeps the text that was agreed to. Agreeing twice changes nothing. */
export function recordConsent(db: Database, attemptId: string) {
  return db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    assertNotClosed(attempt, now);
    if (!attempt.consentedAt) {
      await tx.attempt.update({
        where: { id: attemptId },
        data: { consentedAt: now, consentText: CONSENT_TEXT },
      });
    }
    return getAttemptView(tx, attemptId);
  });
}

/** Starts the clock and pins allowance and task versions. Starting twice changes nothing. */
export function beginAttempt(db: Database, attemptId: string) {
  return db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    assertStartable(attempt, now);
    if (attempt.startedAt) return getAttemptView(tx, attemptId);
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
    return getAttemptView(tx, attemptId);
  });
}
