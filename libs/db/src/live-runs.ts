import type { RunEnd } from '@assay/contracts';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent } from './events.js';
import { assertLive, findRun, OPEN_RUN, RUN_IS_LOST } from './runs.js';

/** How a live run has ended; what it says is shown to its candidate. */
export interface LiveRunEnd {
  endedBecause: RunEnd;
  message: string;
  /** Of its server's process, when that ended by itself. */
  exitCode?: number | null;
  exitSignal?: string | null;
}

/**
 * Ends a live run, once, with its last output. One that was stopped or gave way meanwhile stays so, and gets the output.
 */
export function finishLiveRun(
  db: Database,
  runId: string,
  end: LiveRunEnd | 'failed_by_us',
  output = '',
): Promise<void> {
  return db.transaction(async (tx) => {
    const finishedAt = await databaseNow(tx);
    const state =
      end === 'failed_by_us' ? ({ state: end } as const) : ({ state: 'finished', ...end } as const);
    const written = await tx.run.updateMany({
      where: { id: runId, kind: 'server', state: 'running' },
      data: { ...state, finishedAt, output },
    });
    if (written.count === 0) return keepOutput(tx, runId, output);
    const { attemptTask } = await tx.run.findUniqueOrThrow({
      where: { id: runId },
      select: { attemptTask: { select: { attemptId: true } } },
    });
    await appendCandidateEvent(
      tx,
      attemptTask.attemptId,
      end === 'failed_by_us'
        ? { type: 'run.failed_by_us', runId }
        : { type: 'run.ended', runId, endedBecause: end.endedBecause },
    );
  });
}

/** Of a live run that has ended otherwise than by its worker. */
export function keepLastOutput(db: Database, runId: string, output: string): Promise<void> {
  return keepOutput(db.prisma, runId, output);
}

async function keepOutput(tx: Transaction, runId: string, output: string): Promise<void> {
  await tx.run.updateMany({ where: { id: runId, kind: 'server', output: '' }, data: { output } });
}

/** The server accepts connections. */
export function recordListening(db: Database, attemptId: string, runId: string): Promise<void> {
  return db.transaction((tx) => appendCandidateEvent(tx, attemptId, { type: 'run.listening', runId }));
}

/** For the candidate who ends a live run. One that has ended stays as it was. */
export function stopLiveRun(db: Database, attemptId: string, runId: string): Promise<void> {
  return db.transaction(async (tx) => {
    const { kind } = await findRun(tx, attemptId, runId);
    assertLive(kind);
    await end(tx, attemptId, runId, { endedBecause: 'stopped', message: 'You ended this run.' });
  });
}

/** With its submission, a task is nothing to be tried any more. */
export async function endLiveRuns(tx: Transaction, attemptId: string, attemptTaskId: string): Promise<void> {
  const live = await tx.run.findMany({
    where: { attemptTaskId, kind: 'server', state: OPEN_RUN },
    select: { id: true },
  });
  for (const { id } of live)
    await end(tx, attemptId, id, { endedBecause: 'submitted', message: 'This task has been submitted.' });
}

/** All that live in an attempt, for a reason that its candidate knows: a break, the start of the clock, a withdrawal. */
export async function endLiveRunsOf(tx: Transaction, attemptId: string, message: string): Promise<void> {
  const live = await tx.run.findMany({
    where: { attemptTask: { attemptId }, kind: 'server', state: OPEN_RUN },
    select: { id: true },
  });
  for (const { id } of live) await end(tx, attemptId, id, { endedBecause: 'stopped', message });
}

/** Its worker looks at the row once a second, and ends the sandbox. */
async function end(tx: Transaction, attemptId: string, runId: string, why: LiveRunEnd): Promise<void> {
  const { count } = await tx.run.updateMany({
    where: { id: runId, state: OPEN_RUN },
    data: { state: 'finished', finishedAt: await databaseNow(tx), ...why },
  });
  if (count === 0) return;
  await appendCandidateEvent(tx, attemptId, { type: 'run.ended', runId, endedBecause: why.endedBecause });
}

/**
 * Live runs whose worker is gone, or this one of them, have failed, by us: what was done in them is lost, so none is
 * begun again by itself.
 */
export async function failLostLiveRuns(db: Database, runId: string | null = null): Promise<void> {
  const lost = await db.prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM run WHERE (${runId}::uuid IS NULL OR id = ${runId}::uuid) AND kind = 'server' AND ${RUN_IS_LOST}`;
  for (const { id } of lost) await finishLiveRun(db, id, 'failed_by_us');
}
