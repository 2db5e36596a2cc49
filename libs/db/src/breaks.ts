import { assertBreakLeft, assertNotClosed, attemptState, isOnBreak } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { accommodationOf, readBreaks, settleAttempt } from './attempt-clock.js';
import { getAttemptView, lockAttempt } from './attempts.js';
import type { Database, Transaction } from './database.js';
import type { Attempt } from './generated/client.js';
import { endLiveRunsOf } from './live-runs.js';

/** Stops the clock for an approved break and ends live runs. Twice is once. */
export async function beginBreakOf(db: Database, attemptId: string) {
  await db.transaction(async (tx) => {
    const locked = await lockAttempt(tx, attemptId);
    const { now } = locked;
    assertNotClosed(locked.attempt, now);
    if (!locked.attempt.startedAt) throw new AppError('attempt.not_started', 'Start the clock first.');
    if (isOnBreak(locked.attempt, now)) return;
    const attempt = await settleAttempt(tx, locked.attempt, now);
    const { ended } = await readBreaks(tx, attempt);
    assertBreakLeft(accommodationOf(attempt), ended);
    await tx.attemptInterval.create({ data: { attemptId, kind: 'break', beganAt: now } });
    await settleAttempt(tx, attempt, now);
    await endLiveRunsOf(tx, attemptId, 'Your break has begun.');
  });
  return getAttemptView(db, attemptId);
}

export async function endBreakOf(db: Database, attemptId: string) {
  await db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    if (attemptState(attempt, now) === 'running') await endOpenBreak(tx, attempt, now);
  });
  return getAttemptView(db, attemptId);
}

/** Ends the break that is on, if one is; the caller holds the attempt's row. */
export async function endOpenBreak(tx: Transaction, attempt: Attempt, now: Date): Promise<Attempt> {
  const { open } = await readBreaks(tx, attempt);
  if (open && open.to > now)
    await tx.attemptInterval.update({ where: { id: open.id }, data: { endedAt: now } });
  return settleAttempt(tx, attempt, now);
}
