import type { getSubmission, ReplyOf } from '@assay/contracts/http';
import {
  expireAttempt,
  type SubmissionReason,
  type SubmissionStore,
  type Submitted,
  submitTask,
} from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { lastSignOfLife } from './api-lives.js';
import { lockAttempt } from './attempts.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent, appendStaffEvent } from './events.js';
import { gradingShape, toGrading } from './grading-rows.js';
import { queueGrading } from './gradings.js';
import { findLateSnapshot } from './late-snapshots.js';
import { endLiveRuns } from './live-runs.js';
import { readSnapshot, storeSnapshot } from './snapshots.js';
import { queuePosition } from './turns.js';
import { type Viewer, visibleRoles } from './viewer.js';
import { readWorkspace } from './workspaces.js';

/** What core's submitting needs, on the rows of one locked attempt. */
async function openSubmissionStore(tx: Transaction, attemptId: string): Promise<SubmissionStore> {
  const { attempt, now } = await lockAttempt(tx, attemptId);
  const { candidacyId } = attempt;
  const tasks = await tx.attemptTask.findMany({
    where: { attemptId, isPractice: false },
    orderBy: { position: 'asc' },
    include: { taskVersion: { select: { taskId: true } } },
  });
  return {
    attempt,
    now,
    aliveUntil: await lastSignOfLife(tx),
    async unsubmittedTaskIds() {
      const submitted = await tx.submission.findMany({
        where: { attemptId },
        select: { taskVersionId: true },
      });
      const ids = new Set(submitted.map(({ taskVersionId }) => taskVersionId));
      return tasks
        .filter(({ taskVersionId }) => !ids.has(taskVersionId))
        .map((task) => task.taskVersion.taskId);
    },
    async submit(taskId: string, reason: SubmissionReason): Promise<Submitted> {
      const task = tasks.find(({ taskVersion }) => taskVersion.taskId === taskId);
      if (!task) throw new AppError('resource.not_found', 'This attempt has no such task.');
      await endLiveRuns(tx, attemptId, task.id);
      const files = await readWorkspace(tx, task.id);
      const sha256 = await storeSnapshot(tx, files);
      const submission = await tx.submission.create({
        data: {
          attemptId,
          taskVersionId: task.taskVersionId,
          snapshotSha256: sha256,
          reason,
          submittedAt: now,
        },
      });
      const grading = await queueGrading(tx, attemptId, {
        submissionId: submission.id,
        taskVersionId: task.taskVersionId,
      });
      const position = await queuePosition(tx, 'grading', grading.id);
      const event = { type: 'submission.received' as const, submissionId: submission.id, taskId };
      await appendCandidateEvent(tx, attemptId, { ...event, queuePosition: position });
      await appendStaffEvent(tx, candidacyId, event);
      return {
        submissionId: submission.id,
        taskId,
        gradingId: grading.id,
        turn: grading.turn,
        queuePosition: position,
        files: files.length,
        sha256,
        submittedAt: now,
      };
    },
    async close() {
      await tx.attempt.update({ where: { id: attemptId }, data: { closedAt: now } });
      await appendCandidateEvent(tx, attemptId, { type: 'attempt.closed' });
      await appendStaffEvent(tx, candidacyId, { type: 'attempt.closed', attemptId });
    },
  };
}

/** Submits what is saved of one task. The caller enqueues the grading after the commit. */
export function submitTaskOf(db: Database, attemptId: string, taskId: string): Promise<Submitted> {
  return db.transaction(async (tx) => {
    const known = await tx.attemptTask.count({
      where: { attemptId, isPractice: false, taskVersion: { taskId } },
    });
    const { startedAt } = await tx.attempt.findUniqueOrThrow({ where: { id: attemptId } });
    if (!startedAt) throw new AppError('attempt.not_started', 'Start the clock first.');
    if (known === 0) throw new AppError('resource.not_found', 'This attempt has no such task.');
    return submitTask(await openSubmissionStore(tx, attemptId), taskId);
  });
}

/**
 * Closes attempts whose time is over, each in a transaction of its own. Gives what was submitted of them. While no API of
 * ours lives, none: when one lives again, it is known for how long there was none, and that is credited before the end.
 */
export async function expireAttempts(db: Database): Promise<Submitted[]> {
  const now = await databaseNow(db.prisma);
  const aliveUntil = await lastSignOfLife(db.prisma);
  const expired = await db.prisma.attempt.findMany({
    where: { closedAt: null, closesAt: { lte: aliveUntil && aliveUntil < now ? aliveUntil : now } },
    select: { id: true },
    take: 100,
  });
  const submitted: Submitted[] = [];
  for (const { id } of expired) {
    submitted.push(...(await db.transaction(async (tx) => expireAttempt(await openSubmissionStore(tx, id)))));
  }
  return submitted;
}

export async function getSubmissionOf(
  db: Database,
  viewer: Viewer,
  submissionId: string,
): Promise<ReplyOf<typeof getSubmission>> {
  const row = await db.prisma.submission.findFirst({
    where: { id: submissionId, attempt: { candidacy: { role: visibleRoles(viewer) } } },
    include: {
      attempt: { select: { candidacyId: true } },
      taskVersion: { select: { taskId: true, version: true } },
      gradings: { orderBy: { id: 'asc' }, include: gradingShape },
    },
  });
  if (!row) throw new AppError('resource.not_found', 'There is no such submission, or you may not see it.');
  return {
    id: row.id,
    candidacyId: row.attempt.candidacyId,
    taskId: row.taskVersion.taskId,
    taskVersion: row.taskVersion.version,
    reason: row.reason,
    submittedAt: row.submittedAt.toISOString(),
    files: await readSnapshot(db.prisma, row.snapshotSha256),
    late: await findLateSnapshot(db.prisma, row),
    gradings: row.gradings.map(toGrading),
  };
}
