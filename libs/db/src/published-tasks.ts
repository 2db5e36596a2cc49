import {
  type Competency,
  Competency as CompetencySchema,
  type SourceFile,
  SourceFile as SourceFileSchema,
  TargetLevel,
  type TaskMode,
} from '@assay/contracts';
import { PRACTICE_TASK_ID } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { z } from 'zod';
import type { Database, Transaction } from './database.js';
import type { TaskVersion } from './generated/client.js';

/** What publishing takes: what candidates may see, and the packed bundle that only the worker may read. */
export interface PublishedTask {
  taskId: string;
  version: number;
  code: string;
  title: string;
  mode: TaskMode;
  minutes: number;
  competencies: Competency[];
  brief: string;
  starter: SourceFile[];
  sampleChecks: z.infer<typeof SampleCheck>[];
  hiddenChecks: z.infer<typeof HiddenCheck>[];
  limits: z.infer<typeof TaskLimits>;
  contentHash: string;
  bundle: Uint8Array;
}

export const SampleCheck = z.object({
  name: z.string(),
  competency: CompetencySchema,
  level: TargetLevel,
  impliedBy: z.string(),
});
/** What may be said of a hidden check once it is graded. */
export const HiddenCheck = z.object({
  name: z.string(),
  impliedBy: z.string(),
  /** The probe that it is, if it is one. */
  probe: z.string().nullable(),
});
export const TaskLimits = z.object({
  memoryMb: z.number(),
  cpus: z.number(),
  pids: z.number(),
  /** e.g. `v22.23.3`, where the task chooses its Node. */
  nodeVersion: z.string().optional(),
});

/**
 * Publishes a task version; the same content twice changes nothing. Gives whether it is new. A published version is
 * immutable: other content under the same version is refused.
 */
export function publishTask(db: Database, task: PublishedTask): Promise<boolean> {
  const { bundle, ...columns } = task;
  return db.transaction(async (tx) => {
    const { taskId, version, contentHash } = task;
    const published = await tx.taskVersion.findUnique({ where: { taskId_version: { taskId, version } } });
    if (published?.contentHash === contentHash) {
      // Of a version from before modes were recorded, its content tells it now.
      await tx.taskVersion.updateMany({ where: { contentHash }, data: { mode: task.mode } });
      await nameHiddenChecks(tx, task);
      return false;
    }
    if (published) {
      throw new Error(
        `${taskId} version ${version} is published with other content: raise the version in task.yaml`,
      );
    }
    await tx.taskVersion.create({ data: columns });
    await tx.$executeRaw`INSERT INTO task_bundle (content_hash, bytes) VALUES (${contentHash}, ${bundle})`;
    return true;
  });
}

/** Of a version that was published before hidden checks were named. */
async function nameHiddenChecks(
  tx: Transaction,
  { contentHash, hiddenChecks }: PublishedTask,
): Promise<void> {
  await tx.taskVersion.updateMany({
    where: { contentHash, hiddenChecks: { equals: [] } },
    data: { hiddenChecks },
  });
}

/** The newest published version of each task that an assessment can hold. */
export async function listPublishedTasks(tx: Transaction) {
  const rows = await tx.taskVersion.findMany({
    where: { taskId: { not: PRACTICE_TASK_ID } },
    distinct: ['taskId'],
    orderBy: [{ taskId: 'asc' }, { version: 'desc' }],
  });
  return rows.map(({ taskId, code, version, title, minutes, competencies, contentHash, publishedAt }) => ({
    taskId,
    code,
    version,
    title,
    minutes,
    competencies,
    contentHash,
    publishedAt: publishedAt.toISOString(),
  }));
}

/** The newest version of each of these tasks, in this order. Throws `task.unknown` naming what is not published. */
export async function newestVersions(tx: Transaction, taskIds: string[]): Promise<TaskVersion[]> {
  const rows = await tx.taskVersion.findMany({
    where: { taskId: { in: taskIds } },
    distinct: ['taskId'],
    orderBy: [{ taskId: 'asc' }, { version: 'desc' }],
  });
  return taskIds.map((taskId) => {
    const row = rows.find((candidate) => candidate.taskId === taskId);
    if (!row) throw new AppError('task.unknown', `No task "${taskId}" is published.`);
    return row;
  });
}

/** The newest published version of one task. Throws `resource.not_found` when there is none. */
export async function newestVersionOf(tx: Transaction, taskId: string) {
  const row = await tx.taskVersion.findFirst({
    where: { taskId },
    orderBy: { version: 'desc' },
    select: { id: true, taskId: true, version: true },
  });
  if (!row) throw new AppError('resource.not_found', 'There is no such task.');
  return row;
}

/** The starter's files as they were published. */
export function starterFiles(version: TaskVersion): SourceFile[] {
  return z.array(SourceFileSchema).parse(version.starter);
}

/** The packed bundle with the hidden checks. Works under the worker's Postgres role only. */
export async function readBundle(db: Database, contentHash: string): Promise<Uint8Array> {
  const bundle = await db.prisma.taskBundle.findUniqueOrThrow({ where: { contentHash } });
  return bundle.bytes;
}
