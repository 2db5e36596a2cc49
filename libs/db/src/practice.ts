import type { SourceFile } from '@assay/contracts';
import { PRACTICE_TASK_ID } from '@assay/contracts/http';
import { assertWorkable } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { type Database, databaseNow, type Transaction } from './database.js';
import { starterFiles } from './published-tasks.js';

/** Before the first of the tasks that count. */
const POSITION = -1;

/** Gives an attempt its practice task with the starter's files, if one is published. */
export async function openPractice(tx: Transaction, attemptId: string, now: Date): Promise<void> {
  const version = await tx.taskVersion.findFirst({
    where: { taskId: PRACTICE_TASK_ID },
    orderBy: { version: 'desc' },
  });
  if (!version) return;
  await tx.attemptTask.create({
    data: {
      attemptId,
      position: POSITION,
      isPractice: true,
      taskVersionId: version.id,
      files: { create: starterFiles(version).map((file) => ({ ...file, revision: 1, savedAt: now })) },
    },
  });
}

/** The files that the practice of this attempt began with. Throws unless it is open. */
export async function readPracticeStarter(db: Database, attemptId: string): Promise<SourceFile[]> {
  const attempt = await db.prisma.attempt.findUniqueOrThrow({ where: { id: attemptId } });
  assertWorkable(attempt, true, await databaseNow(db.prisma));
  const practice = await db.prisma.attemptTask.findFirst({
    where: { attemptId, isPractice: true },
    include: { taskVersion: true },
  });
  if (!practice) throw new AppError('resource.not_found', 'This attempt has no practice task.');
  return starterFiles(practice.taskVersion);
}
