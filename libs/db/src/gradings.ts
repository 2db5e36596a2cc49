import type { CheckResult } from '@assay/contracts';
import { afterPlatformFailure, decideStart, MAX_STARTS } from '@assay/core/grading';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent, appendStaffEvent } from './events.js';
import { refreshLevelEstimate } from './level-estimates.js';
import { lockRow } from './locked-rows.js';
import { readSnapshot } from './snapshots.js';
import { LOCK_CLASS } from './work-lock.js';

export function findGradingLockKey(db: Database, gradingId: string) {
  return db.prisma.grading.findUnique({ where: { id: gradingId }, select: { lockKey: true } });
}

/** What a worker needs to grade. `start` fences its result: a later start makes it worthless. */
export interface ClaimedGrading {
  id: string;
  start: number;
  submissionId: string;
  attemptId: string;
  candidacyId: string;
  contentHash: string;
  files: { path: string; content: string }[];
  /** Whether the candidate is told of it: of the first grading only, since a regrade may never count. */
  isFirst: boolean;
  /** From its last dispatch to this start, by the database's clock. */
  waitedMs: number;
}

const owners = { submission: { include: { attempt: true } }, taskVersion: true } as const;

/** For the worker that holds the grading's lock. Null when there is nothing to do any more: a duplicate delivery. */
export function claimGrading(db: Database, gradingId: string): Promise<ClaimedGrading | null> {
  return db.transaction(async (tx) => {
    await lockRow(tx, 'grading', gradingId);
    const grading = await tx.grading.findUniqueOrThrow({ where: { id: gradingId }, include: owners });
    const decision = decideStart(grading);
    if (decision === 'drop') return null;
    const { submission } = grading;
    const { attemptId, id: submissionId } = submission;
    const { candidacyId } = submission.attempt;
    if (decision === 'give_up') {
      const reason = `${MAX_STARTS} workers began this grading and none ended it`;
      const needsAttentionSince = await databaseNow(tx);
      await tx.grading.update({
        where: { id: gradingId },
        data: { state: 'needs_attention', reason, needsAttentionSince },
      });
      await appendStaffEvent(tx, candidacyId, {
        type: 'grading.failed_by_us',
        gradingId,
        reason,
        willRetry: false,
      });
      return null;
    }
    const start = grading.starts + 1;
    const startedAt = await databaseNow(tx);
    await tx.grading.update({
      where: { id: gradingId },
      data: { state: 'running', starts: start, startedAt },
    });
    const isFirst = submission.currentGradingId === null;
    if (isFirst) await appendCandidateEvent(tx, attemptId, { type: 'grading.started', submissionId });
    await appendStaffEvent(tx, candidacyId, { type: 'grading.started', gradingId, submissionId });
    const { contentHash } = grading.taskVersion;
    const files = await readSnapshot(tx, submission.snapshotSha256);
    const waitedMs = startedAt.getTime() - grading.dispatchedAt.getTime();
    return {
      id: gradingId,
      start,
      submissionId,
      attemptId,
      candidacyId,
      contentHash,
      files,
      isFirst,
      waitedMs,
    };
  });
}

/** `index`: 1 for the first check. */
export function recordProgress(
  db: Database,
  grading: ClaimedGrading,
  {
    name,
    verdict,
    index,
    total,
  }: { name: string; verdict: CheckResult['verdict']; index: number; total: number },
): Promise<void> {
  return db.transaction(async (tx) => {
    const { id: gradingId, submissionId, attemptId, candidacyId, isFirst } = grading;
    if (isFirst) {
      const progress = { submissionId, done: index, total };
      await appendCandidateEvent(tx, attemptId, { type: 'grading.progressed', ...progress });
    }
    await appendStaffEvent(tx, candidacyId, {
      type: 'grading.progressed',
      gradingId,
      check: name,
      verdict,
      done: index,
      total,
    });
  });
}

export interface GradingOutcome {
  checks: CheckResult[];
  score: number;
  engine: string;
  /** What the engine had shown to hold, and what more weakly than it should. */
  guarantees: string[];
  degraded: string[];
  seed: string;
  output: string;
}

/**
 * Writes a result once: check results, level and events in one transaction. Gives false, and writes nothing, when the
 * grading has ended or was begun again meanwhile. The first grading of a submission is adopted by itself.
 */
export function completeGrading(
  db: Database,
  grading: ClaimedGrading,
  outcome: GradingOutcome,
): Promise<boolean> {
  const { id: gradingId, submissionId, attemptId, candidacyId, isFirst } = grading;
  const { checks, ...columns } = outcome;
  return db.transaction(async (tx) => {
    // First, and everywhere before the streams of events: one order of locks, no deadlock.
    await lockRow(tx, 'candidacy', candidacyId);
    const written = await tx.grading.updateMany({
      where: { id: gradingId, state: 'running', starts: grading.start },
      data: {
        ...columns,
        state: 'completed',
        outcome: 'completed',
        reason: null,
        completedAt: await databaseNow(tx),
      },
    });
    if (written.count === 0) return false;
    await tx.checkResult.createMany({
      data: checks.map((check, position) => ({ ...check, gradingId, position })),
    });
    const adopted = await tx.submission.updateMany({
      where: { id: submissionId, currentGradingId: null },
      data: { currentGradingId: gradingId },
    });
    const passed = checks.filter(({ verdict }) => verdict === 'passed').length;
    if (isFirst) await appendCandidateEvent(tx, attemptId, { type: 'grading.completed', submissionId });
    await appendStaffEvent(tx, candidacyId, {
      type: 'grading.completed',
      gradingId,
      passed,
      total: checks.length,
    });
    // A regrade that nobody has adopted moves no level.
    if (adopted.count > 0) await refreshLevelEstimate(tx, candidacyId);
    return true;
  });
}

/** Our failure: it waits for another try or, after the third, for a person. No mark is written. */
export function recordPlatformFailure(db: Database, grading: ClaimedGrading, reason: string): Promise<void> {
  const { id: gradingId, candidacyId } = grading;
  return db.transaction(async (tx) => {
    await lockRow(tx, 'grading', gradingId);
    const row = await tx.grading.findUniqueOrThrow({ where: { id: gradingId } });
    if (row.state !== 'running' || row.starts !== grading.start) return;
    const { state, failures } = afterPlatformFailure(row.platformFailures);
    const willRetry = state === 'queued';
    const now = await databaseNow(tx);
    await tx.grading.update({
      where: { id: gradingId },
      data: {
        state,
        platformFailures: failures,
        outcome: 'platform_failure',
        reason,
        dispatchedAt: now,
        needsAttentionSince: willRetry ? null : now,
      },
    });
    await appendStaffEvent(tx, candidacyId, { type: 'grading.failed_by_us', gradingId, reason, willRetry });
  });
}

/**
 * A worker that shuts down gives its grading back: no mark, no failure, and this start counts for nothing either. Its
 * number is used again, so whoever calls this must write nothing more under it.
 */
export async function handBackGrading(db: Database, grading: ClaimedGrading): Promise<void> {
  await db.prisma.grading.updateMany({
    where: { id: grading.id, state: 'running', starts: grading.start },
    data: { state: 'queued', starts: { decrement: 1 } },
  });
}

/** Gradings whose worker is gone wait again; gives all that have waited too long for a job, with their dispatch. */
export async function listWaitingGradings(db: Database, waitedMs: number) {
  await requeueLostGradings(db.prisma);
  const longAgo = new Date((await databaseNow(db.prisma)).getTime() - waitedMs);
  return db.prisma.grading.findMany({
    where: { state: 'queued', dispatchedAt: { lt: longAgo } },
    orderBy: { queuedAt: 'asc' },
    select: { id: true, dispatch: true },
    take: 100,
  });
}

/** A running grading without its lock has lost its worker. The lock is taken before the state changes: no race. */
function requeueLostGradings(tx: Transaction) {
  return tx.$executeRaw`
    UPDATE grading SET state = 'queued' WHERE state = 'running' AND NOT EXISTS (
      SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = ${LOCK_CLASS.grading}::int::oid
        AND l.objid = grading.lock_key::oid AND l.objsubid = 2 AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
}

/** Takes the next dispatch number for a grading that still waits; null when it does not. */
export async function redispatchGrading(
  db: Database,
  gradingId: string,
  dispatch: number,
): Promise<number | null> {
  const { count } = await db.prisma.grading.updateMany({
    where: { id: gradingId, state: 'queued', dispatch },
    data: { dispatch: dispatch + 1, dispatchedAt: await databaseNow(db.prisma) },
  });
  return count === 1 ? dispatch + 1 : null;
}
