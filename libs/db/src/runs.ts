import { CheckResult, type RunKind, type SourceFile } from '@assay/contracts';
import type { getRun, ReplyOf } from '@assay/contracts/http';
import { JOBS, jobOfRun } from '@assay/contracts/jobs';
import { assertReadable } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { z } from 'zod';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent } from './events.js';
import { Prisma } from './generated/client.js';
import { readSnapshot, storeSnapshot } from './snapshots.js';
import { nextTurn, queuePosition } from './turns.js';
import { LOCK_CLASS } from './work-lock.js';
import { lockOpenTask, readWorkspace } from './workspaces.js';

const shape = { attemptTask: { include: { taskVersion: true, attempt: true } } } as const;

type RunRow = Prisma.RunGetPayload<{ include: typeof shape }>;

const queueOfRun = (kind: RunKind) => JOBS[jobOfRun(kind)].queue;

async function toRun(tx: Transaction, row: RunRow): Promise<ReplyOf<typeof getRun>> {
  return {
    id: row.id,
    taskId: row.attemptTask.taskVersion.taskId,
    kind: row.kind,
    state: row.state,
    queuePosition: row.finishedAt ? null : await queuePosition(tx, queueOfRun(row.kind), row.id),
    checks: z.array(CheckResult).parse(row.checks),
    output: row.output,
    endedBecause: row.endedBecause,
    message: row.message,
    exitCode: row.exitCode,
    exitSignal: row.exitSignal,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export const OPEN_RUN = { in: ['queued' as const, 'running' as const] };

/** Queues a run of what is saved; those that still wait or run give way to it. The caller enqueues it in its turn. */
export function insertRun(db: Database, attemptId: string, taskId: string, kind: RunKind = 'checks') {
  return db.transaction(async (tx) => {
    const { attemptTask } = await lockOpenTask(tx, attemptId, taskId);
    await giveWay(tx, attemptTask.id, ['checks', 'server']);
    const snapshotSha256 = await storeSnapshot(tx, await readWorkspace(tx, attemptTask.id));
    return queueRun(tx, attemptId, { attemptTaskId: attemptTask.id, snapshotSha256, kind });
  });
}

/** Queues a run of the sample checks on the files of a live run, which goes on; older checks give way. */
export async function insertChecksBeside(db: Database, attemptId: string, runId: string) {
  const { attemptTask } = await findRun(db.prisma, attemptId, runId);
  return db.transaction(async (tx) => {
    await lockOpenTask(tx, attemptId, attemptTask.taskVersion.taskId);
    const { kind, state, snapshotSha256 } = await findRun(tx, attemptId, runId);
    assertLive(kind);
    if (!OPEN_RUN.in.some((open) => open === state))
      throw new AppError('run.not_live', 'This run has ended: start another one.');
    await giveWay(tx, attemptTask.id, ['checks']);
    return queueRun(tx, attemptId, { attemptTaskId: attemptTask.id, snapshotSha256, kind: 'checks' });
  });
}

async function giveWay(tx: Transaction, attemptTaskId: string, kinds: RunKind[]): Promise<void> {
  await tx.run.updateMany({
    where: { attemptTaskId, kind: { in: kinds }, state: OPEN_RUN },
    data: { state: 'superseded', finishedAt: await databaseNow(tx) },
  });
}

async function queueRun(
  tx: Transaction,
  attemptId: string,
  run: { attemptTaskId: string; snapshotSha256: string; kind: RunKind },
) {
  const turn = await nextTurn(tx, queueOfRun(run.kind), attemptId);
  const row = await tx.run.create({ data: { ...run, turn }, include: shape });
  const queued = await toRun(tx, row);
  const { queuePosition: position } = queued;
  await appendCandidateEvent(tx, attemptId, { type: 'run.queued', runId: row.id, queuePosition: position });
  return { ...queued, turn };
}

export async function findRun(tx: Transaction, attemptId: string, runId: string): Promise<RunRow> {
  const row = await tx.run.findFirst({ where: { id: runId, attemptTask: { attemptId } }, include: shape });
  if (!row) throw new AppError('resource.not_found', 'There is no such run in this attempt.');
  return row;
}

/** What a candidate may see of a run: as long as its task may be read. */
export async function getRunOf(db: Database, attemptId: string, runId: string) {
  const row = await findRun(db.prisma, attemptId, runId);
  const { attempt, isPractice } = row.attemptTask;
  assertReadable(attempt, isPractice, await databaseNow(db.prisma));
  return toRun(db.prisma, row);
}

/** Of a run that is or was live, whether its task may be read or not: who follows it is told how it ended. */
export async function getLiveRunOf(db: Database, attemptId: string, runId: string) {
  const row = await findRun(db.prisma, attemptId, runId);
  assertLive(row.kind);
  return toRun(db.prisma, row);
}

export function assertLive(kind: RunKind): void {
  if (kind !== 'server') throw new AppError('run.not_live', 'This is a run of the sample checks.');
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

/**
 * For the worker that holds the run's lock. Null when the run has ended or gave way, and when a live one was begun
 * before: what its candidate has done in it is lost, so it is not begun again by itself.
 */
export function claimRun(db: Database, runId: string): Promise<ClaimedRun | null> {
  return db.transaction(async (tx) => {
    const claimed = await tx.run.updateMany({
      where: { id: runId, OR: [{ state: 'queued' }, { state: 'running', kind: 'checks' }] },
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

/** Writes the result of a run of checks once; a run that gave way meanwhile keeps that state. */
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

/**
 * Runs of checks whose worker is gone wait again. Gives all runs that have waited too long for a job, in the order of
 * the queue.
 */
export async function listWaitingRuns(db: Database, waitedMs: number) {
  await requeueLostRuns(db.prisma);
  return db.prisma.run.findMany({
    where: { state: 'queued', dispatchedAt: { lt: await longAgo(db.prisma, waitedMs) } },
    orderBy: [{ turn: 'asc' }, { createdAt: 'asc' }],
    select: { id: true, kind: true, dispatch: true, turn: true },
    take: 100,
  });
}

async function longAgo(tx: Transaction, ms: number): Promise<Date> {
  return new Date((await databaseNow(tx)).getTime() - ms);
}

/** A run without its lock has lost its worker. The lock is taken before the state changes: no race. */
export const RUN_IS_LOST = Prisma.sql`run.state = 'running' AND NOT EXISTS (
  SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = ${LOCK_CLASS.run}::int::oid
    AND l.objid = run.lock_key::oid AND l.objsubid = 2 AND l.granted
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;

function requeueLostRuns(tx: Transaction) {
  return tx.$executeRaw`UPDATE run SET state = 'queued' WHERE kind = 'checks' AND ${RUN_IS_LOST}`;
}

/** Takes the next dispatch number for a run that still waits; null when it does not. */
export async function redispatchRun(db: Database, runId: string, dispatch: number): Promise<number | null> {
  const { count } = await db.prisma.run.updateMany({
    where: { id: runId, state: 'queued', dispatch },
    data: { dispatch: dispatch + 1, dispatchedAt: await databaseNow(db.prisma) },
  });
  return count === 1 ? dispatch + 1 : null;
}
