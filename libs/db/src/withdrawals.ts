import { assertNotClosed, assertWithdrawalUndoable } from '@assay/core/assessment';
import { lockAttempt } from './attempts.js';
import { endOpenBreak } from './breaks.js';
import type { Database } from './database.js';
import { appendCandidateEvent, appendStaffEvent } from './events.js';
import { queueGrading } from './gradings.js';
import { endLiveRunsOf } from './live-runs.js';

/**
 * Closes an attempt at its candidate's wish. What is open is not submitted, and gradings that wait are dropped: one that
 * a worker has begun goes on to its end.
 */
export function withdrawAttemptOf(db: Database, attemptId: string): Promise<void> {
  return db.transaction(async (tx) => {
    const locked = await lockAttempt(tx, attemptId);
    const { now } = locked;
    if (locked.attempt.withdrawnAt) return;
    assertNotClosed(locked.attempt, now);
    const { candidacyId } = await endOpenBreak(tx, locked.attempt, now);
    await tx.attempt.update({ where: { id: attemptId }, data: { withdrawnAt: now, closedAt: now } });
    await endLiveRunsOf(tx, attemptId, 'You have withdrawn.');
    await tx.grading.deleteMany({
      where: { submission: { attemptId, currentGradingId: null }, state: 'queued' },
    });
    await appendCandidateEvent(tx, attemptId, { type: 'attempt.withdrawn' });
    await appendStaffEvent(tx, candidacyId, { type: 'attempt.withdrawn', attemptId });
  });
}

/** Opens it again, with the clock where it would be. Gives what waits for grading again, for the caller to enqueue. */
export function undoWithdrawalOf(
  db: Database,
  attemptId: string,
): Promise<{ gradingId: string; turn: number }[]> {
  return db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    const { withdrawnAt, candidacyId } = attempt;
    if (!withdrawnAt) return [];
    assertWithdrawalUndoable(withdrawnAt, now);
    await tx.attempt.update({ where: { id: attemptId }, data: { withdrawnAt: null, closedAt: null } });
    const ungraded = await tx.submission.findMany({ where: { attemptId, gradings: { none: {} } } });
    const queued: { gradingId: string; turn: number }[] = [];
    for (const { id: submissionId, taskVersionId } of ungraded) {
      const { id: gradingId, turn } = await queueGrading(tx, attemptId, { submissionId, taskVersionId });
      queued.push({ gradingId, turn });
    }
    await appendCandidateEvent(tx, attemptId, { type: 'attempt.withdrawal_undone' });
    await appendStaffEvent(tx, candidacyId, { type: 'attempt.withdrawal_undone', attemptId });
    return queued;
  });
}
