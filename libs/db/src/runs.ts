import { CheckResult, type SourceFile } from '@assay/contracts';
import type { getRun, ReplyOf } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { z } from 'zod';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent } from './events.js';
import type { Prisma } from './generated/client.js';
import { readSnapshot, storeSnapshot } from './snapshots.js';
import { LOCK_CLASS } from './work-lock.js';
import { lockOpenTask, readWorkspace } from './workspaces.js';

const shape = { attemptTask: { include: { taskVersion: true } } } as const;

type RunRow = Prisma.RunGetPayload<{ include: typeof shape }>;

function toRun(row: RunRow): ReplyOf<typeof getRun> {
  return {
    id: row.id,
    taskId: row.attemptTask.taskVersion.taskId,
    state: row.state,
    checks: z.array(CheckResult).parse(row.checks),
    output: row.output,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** Queues a run of what is saved; one that still waits or runs gives way to it. */
export function insertRun(db: Database, attemptId: string, taskId: string) {
  return db.transaction(async (tx) => {
    const { attemptTask } = await lockOpenTask(tx, attemptId, taskId);
    await tx.run.updateMany({
      where: { attemptTaskId: attemptTask.id, state: { in: ['queued', 'running'] } },
      data: { state: 'superseded', finishedAt: await databaseNow(tx) },
    });
    const snapshotSha256 = await storeSnapshot(tx, await readWorkspace(tx, attemptTask.id));
    const row = await tx.run.create({
      data: { attemptTaskId: attemptTask.id, snapshotSha256 },
      include: shape,
    });
    return toRun(row);
  });
}

export async function getRunOf(db: Database, attemptId: string, runId: string) {
  const row = await db.prisma.run.findFirst({
    where: { id: runId, attemptTask: { attemptId } },
    include: shape,
  });
  if (!row) throw new AppError('resource.not_found', 'There is no such run in this attempt.');
  return toRun(row);
}

export function findRunLockKey(db: Database, runId: string) {
  return db.prisma.run.findUnique({ where: { id: runId }, select: { lockKey: true } });
}

export interface ClaimedRun {
  attemptId: string;
  contentHash: string;
  files: SourceFile[];
  /** From its last dispatch to this start, by the database's clock. */
  waitedMs: number;
}

/** For the worker that holds the run's lock. Null when the run has ended or gave way. */
export function claimRun(db: Database, runId: string): Promise<ClaimedRun | null> {
  return db.transaction(async (tx) => {
    const claimed = await tx.run.updateMany({
      where: { id: runId, state: { in: ['queued', 'running'] } },
      data: { state: 'running' },
    });
    if (claimed.count === 0) return null;
    const row = await tx.run.findUniqueOrThrow({ where: { id: runId }, include: shape });
    const { attemptId, taskVersion } = row.attemptTask;
    await appendCandidateEvent(tx, attemptId, { type: 'run.started', runId });
    const waitedMs = (await databaseNow(tx)).getTime() - row.dispatchedAt.getTime();
    const files = await readSnapshot(tx, row.snapshotSha256);
    return { attemptId, contentHash: taskVersion.contentHash, files, waitedMs };
  });
}

/** False once it has ended or gave way to a newer one. */
export async function isRunRunning(db: Database, runId: string): Promise<boolean> {
  return (await db.prisma.run.count({ where: { id: runId, state: 'running' } })) > 0;
}

export type RunResult = { checks: CheckResult[]; output: string } | 'failed_by_us';

/** Writes a run's result once; a run that gave way meanwhile keeps that state. */
export function finishRun(db: Database, runId: string, result: RunResult): Promise<void> {
  return db.transaction(async (tx) => {
    const finishedAt = await databaseNow(tx);
    const data =
      result === 'failed_by_us'
        ? { state: 'failed_by_us' as const, finishedAt }
        : { state: 'finished' as const, finishedAt, ...result };
    const written = await tx.run.updateMany({ where: { id: runId, state: 'running' }, data });
    if (written.count === 0) return;
    const { attemptTask } = await tx.run.findUniqueOrThrow({ where: { id: runId }, include: shape });
    await appendCandidateEvent(
      tx,
      attemptTask.attemptId,
      result === 'failed_by_us'
        ? { type: 'run.failed_by_us', runId }
        : {
            type: 'run.finished',
            runId,
            passed: result.checks.filter(({ verdict }) => verdict === 'passed').length,
            total: result.checks.length,
          },
    );
  });
}

/** Runs whose worker is gone wait again; gives all that have waited too long for a job, with their dispatch. */
export async function listWaitingRuns(db: Database, waitedMs: number) {
  await requeueLostRuns(db.prisma);
  return db.prisma.run.findMany({
    where: { state: 'queued', dispatchedAt: { lt: await longAgo(db.prisma, waitedMs) } },
    select: { id: true, dispatch: true },
    take: 100,
  });
}

async function longAgo(tx: Transaction, ms: number): Promise<Date> {
  return new Date((await databaseNow(tx)).getTime() - ms);
}

function requeueLostRuns(tx: Transaction) {
  return tx.$executeRaw`
    UPDATE run SET state = 'queued' WHERE state = 'running' AND NOT EXISTS (
      SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = ${LOCK_CLASS.run}::int::oid
        AND l.objid = run.lock_key::oid AND l.objsubid = 2 AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
}

/** Takes the next dispatch number for a run that still waits; null when it does not. */
export async function redispatchRun(db: Database, runId: string, dispatch: number): Promise<number | null> {
  const { count } = await db.prisma.run.updateMany({
    where: { id: runId, state: 'queued', dispatch },
    data: { dispatch: dispatch + 1, dispatchedAt: await databaseNow(db.prisma) },
  });
  return count === 1 ? dispatch + 1 : null;
}
