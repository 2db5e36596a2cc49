import type { SourceFile } from '@assay/contracts';
import { PRACTICE_TASK_ID } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import type { Database, Transaction } from './database.js';
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

/** The files that the practice of this attempt began with. */
export async function readPracticeStarter(db: Database, attemptId: string): Promise<SourceFile[]> {
  const practice = await db.prisma.attemptTask.findFirst({
    where: { attemptId, isPractice: true },
    include: { taskVersion: true },
  });
  if (!practice)
    throw new AppError('attempt.consent_required', 'Read what is recorded and agree to it first.');
  return starterFiles(practice.taskVersion);
}
