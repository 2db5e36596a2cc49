import type { SourceFile } from '@assay/contracts';
import {
  type getTask,
  type InputOf,
  PRACTICE_TASK_ID,
  type ReplyOf,
  type replaceFiles,
  type saveFile,
} from '@assay/contracts/http';
import { assertReadable, assertRoomForFile, assertWorkable, nextRevision } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { z } from 'zod';
import { lockAttempt } from './attempts.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import { SampleCheck, TaskLimits } from './published-tasks.js';

/** A task of an attempt. Throws `attempt.not_started` before the versions are pinned, else `resource.not_found`. */
async function getAttemptTask(tx: Transaction, attemptId: string, taskId: string) {
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
  if (!attempt.startedAt) throw new AppError('attempt.not_started', 'Start the clock to see the tasks.');
  throw new AppError('resource.not_found', 'This attempt has no such task.');
}

/** The same, when it may be read now: not in a break, and the practice only until the clock starts. */
async function getReadableTask(tx: Transaction, attemptId: string, taskId: string) {
  const attemptTask = await getAttemptTask(tx, attemptId, taskId);
  const attempt = await tx.attempt.findUniqueOrThrow({ where: { id: attemptId } });
  assertReadable(attempt, attemptTask.isPractice, await databaseNow(tx));
  return attemptTask;
}

/** The same, with the attempt locked and open for changes to this task: clock running, not submitted. */
export async function lockOpenTask(tx: Transaction, attemptId: string, taskId: string) {
  const { attempt, now } = await lockAttempt(tx, attemptId);
  const attemptTask = await getAttemptTask(tx, attemptId, taskId);
  const submitted = await tx.submission.count({
    where: { attemptId, taskVersionId: attemptTask.taskVersionId },
  });
  if (submitted > 0) throw new AppError('submission.final', 'This task is submitted: its files are fixed.');
  assertWorkable(attempt, attemptTask.isPractice, now);
  return { attempt, attemptTask, now };
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
    brief: taskVersion.brief,
    files: files.map(({ path, content, revision }) => ({ path, content, revision })),
    sampleChecks: z.array(SampleCheck).parse(taskVersion.sampleChecks),
    limits: { nodeVersion: process.version, ...TaskLimits.parse(taskVersion.limits) },
  };
}

export function saveWorkspaceFile(
  db: Database,
  attemptId: string,
  taskId: string,
  { path, content, baseRevision }: InputOf<typeof saveFile>['body'],
): Promise<ReplyOf<typeof saveFile>> {
  return db.transaction(async (tx) => {
    const { attemptTask, now } = await lockOpenTask(tx, attemptId, taskId);
    const files = await listFileSizes(tx, attemptTask.id);
    const stored = files.find((file) => file.path === path);
    const revision = nextRevision(stored?.revision ?? null, baseRevision);
    const others = files.filter((file) => file !== stored);
    assertRoomForFile(others, { path, bytes: Buffer.byteLength(content) });
    const data = { content, revision, savedAt: now };
    await tx.workspaceFile.upsert({
      where: { attemptTaskId_path: { attemptTaskId: attemptTask.id, path } },
      create: { attemptTaskId: attemptTask.id, path, ...data },
      update: data,
    });
    return { path, revision, savedAt: now.toISOString() };
  });
}

/** What is decided on when a file is saved: all of a project but its contents. */
function listFileSizes(tx: Transaction, attemptTaskId: string) {
  return tx.$queryRaw<{ path: string; revision: number; bytes: number }[]>`
    SELECT path, revision, octet_length(content) AS bytes
    FROM workspace_file WHERE attempt_task_id = ${attemptTaskId}::uuid`;
}

/** Puts these files in the place of all that are there. A file of the same name goes on counting its revisions. */
export function replaceWorkspaceFiles(
  db: Database,
  attemptId: string,
  taskId: string,
  project: readonly SourceFile[],
): Promise<ReplyOf<typeof replaceFiles>> {
  return db.transaction(async (tx) => {
    const { attemptTask, now } = await lockOpenTask(tx, attemptId, taskId);
    const sizes = project.map(({ path, content }) => ({ path, bytes: Buffer.byteLength(content) }));
    for (const [index, file] of sizes.entries()) assertRoomForFile(sizes.slice(0, index), file);
    const stored = await listFileSizes(tx, attemptTask.id);
    const revisions = new Map(stored.map(({ path, revision }) => [path, revision]));
    const rows = project.map((file) => ({ ...file, revision: (revisions.get(file.path) ?? 0) + 1 }));
    await tx.workspaceFile.deleteMany({ where: { attemptTaskId: attemptTask.id } });
    await tx.workspaceFile.createMany({
      data: rows.map((row) => ({ ...row, attemptTaskId: attemptTask.id, savedAt: now })),
    });
    return { files: rows.map(({ path, revision }) => ({ path, revision })), savedAt: now.toISOString() };
  });
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

export function deleteWorkspaceFile(
  db: Database,
  attemptId: string,
  taskId: string,
  path: string,
): Promise<void> {
  return db.transaction(async (tx) => {
    const { attemptTask } = await lockOpenTask(tx, attemptId, taskId);
    await tx.workspaceFile.deleteMany({ where: { attemptTaskId: attemptTask.id, path } });
  });
}

export async function readWorkspace(tx: Transaction, attemptTaskId: string) {
  const files = await tx.workspaceFile.findMany({ where: { attemptTaskId } });
  return files.map(({ path, content }) => ({ path, content }));
}
