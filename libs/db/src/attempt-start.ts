import { assertStartable, closingTime } from '@assay/core/assessment';
import { clockOf, settleAttempt } from './attempt-clock.js';
import { getAttemptView, lockAttempt } from './attempts.js';
import type { Database } from './database.js';
import { appendCandidateEvent, appendStaffEvent } from './events.js';
import { endLiveRunsOf } from './live-runs.js';
import { newestVersions, starterFiles } from './published-tasks.js';

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
    const started = await tx.attempt.update({
      where: { id: attemptId },
      data: { startedAt: now, closesAt: closingTime(now, minutes), minutes },
    });
    const { closesAt } = clockOf(await settleAttempt(tx, started, now), now);
    await endLiveRunsOf(tx, attemptId, 'Your clock has started: the practice is over.');
    await appendCandidateEvent(tx, attemptId, { type: 'attempt.started', closesAt: String(closesAt) });
    await appendStaffEvent(tx, attempt.candidacyId, { type: 'attempt.started', attemptId });
  });
  return getAttemptView(db, attemptId);
}
