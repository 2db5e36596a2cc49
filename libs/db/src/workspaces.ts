import type { SourceFile } from '@assay/contracts';
import { type getTask, PRACTICE_TASK_ID, type ReplyOf } from '@assay/contracts/http';
import { assertReadable, assertWorkable } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { z } from 'zod';
import { lockAttempt } from './attempts.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import { SampleCheck, starterFiles, TaskLimits } from './published-tasks.js';

/** A task of an attempt. Throws `attempt.not_started` before the versions are pinned, else `resource.not_found`. */
export async function findAttemptTask(tx: Transaction, attemptId: string, taskId: string) {
  const attemptTask = await tx.attemptTask.findFirst({
    where: { attemptId, taskVersion: { taskId } },
    include: { taskVersion: true },
  });
  if (attemptTask) return attemptTask;
  const attempt = await tx.attempt.findUniqueOrThrow({
    where: { id: attemptId },
    select: { startedAt: true, consentedAt: true },
  });
  if (taskId === PRACTICE_TASK_ID && !attempt.consentedAt)
    throw new AppError('attempt.consent_required', 'Read what is recorded and agree to it first.');
  if (!attempt.startedAt && taskId !== PRACTICE_TASK_ID)
    throw new AppError('attempt.not_started', 'Start the clock to see the tasks.');
  throw new AppError('resource.not_found', 'This attempt has no such task.');
}

/** The same, when it may be read now: not in a break, and the practice only until the clock starts. */
export async function getReadableTask(tx: Transaction, attemptId: string, taskId: string) {
  const attemptTask = await findAttemptTask(tx, attemptId, taskId);
  const attempt = await tx.attempt.findUniqueOrThrow({ where: { id: attemptId } });
  assertReadable(attempt, attemptTask.isPractice, await databaseNow(tx));
  return attemptTask;
}

/** The same, with the attempt locked and open for changes to this task: clock running, not submitted. */
export async function lockOpenTask(tx: Transaction, attemptId: string, taskId: string) {
  const { attempt, now } = await lockAttempt(tx, attemptId);
  const attemptTask = await findAttemptTask(tx, attemptId, taskId);
  const submitted = await tx.submission.count({
    where: { attemptId, taskVersionId: attemptTask.taskVersionId },
  });
  if (submitted > 0) throw new AppError('submission.final', 'This task is submitted: its files are fixed.');
  assertWorkable(attempt, attemptTask.isPractice, now);
  return { attempt, attemptTask, now };
}

/** Why the files of a task cannot be changed now; null when they can. */
export async function whyNotOpen(db: Database, attemptId: string, taskId: string): Promise<AppError | null> {
  try {
    await db.transaction((tx) => lockOpenTask(tx, attemptId, taskId));
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** May be read while the clock runs and after; never before the start, and not in a break. */
export async function getTaskView(
  db: Database,
  attemptId: string,
  taskId: string,
): Promise<ReplyOf<typeof getTask>> {
  const { id, taskVersion } = await getReadableTask(db.prisma, attemptId, taskId);
  const files = await db.prisma.workspaceFile.findMany({
    where: { attemptTaskId: id },
    orderBy: { path: 'asc' },
  });
  return {
    taskId,
    title: taskVersion.title,
    mode: taskVersion.mode,
    starter: starterFiles(taskVersion),
    brief: taskVersion.brief,
    files: files.map(({ path, content, revision }) => ({ path, content, revision })),
    sampleChecks: z.array(SampleCheck).parse(taskVersion.sampleChecks),
    limits: { nodeVersion: process.version, ...TaskLimits.parse(taskVersion.limits) },
  };
}

/** May be read whenever the task may. */
export async function readWorkspaceOf(
  db: Database,
  attemptId: string,
  taskId: string,
): Promise<SourceFile[]> {
  const { id } = await getReadableTask(db.prisma, attemptId, taskId);
  return readWorkspace(db.prisma, id);
}

export async function readWorkspace(tx: Transaction, attemptTaskId: string) {
  const files = await tx.workspaceFile.findMany({ where: { attemptTaskId }, orderBy: { path: 'asc' } });
  return files.map(({ path, content }) => ({ path, content }));
}
