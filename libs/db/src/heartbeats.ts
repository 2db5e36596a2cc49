import { attemptState, GAP_AFTER_MS } from '@assay/core/assessment';
import { settleAttempt } from './attempt-clock.js';
import { getAttemptView, lockAttempt } from './attempts.js';
import type { Database, Transaction } from './database.js';

/** What was saved so shortly after a gap began or before it ended tells nothing of the time between. */
const HEARTBEAT_MS = 20_000;

/**
 * The candidate's page is there. Only what was missed is kept: a silence becomes a gap, with what was edited in it by the
 * page's own account or by ours.
 */
export async function recordHeartbeat(db: Database, attemptId: string, editsWhileAway: number) {
  await db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    const { startedAt, lastSeenAt } = attempt;
    if (attemptState(attempt, now) === 'closed') return;
    if (startedAt && lastSeenAt && now.getTime() - lastSeenAt.getTime() >= GAP_AFTER_MS) {
      const gap = { beganAt: lastSeenAt < startedAt ? startedAt : lastSeenAt, endedAt: now };
      const edits = Math.max(editsWhileAway, await countSaves(tx, attemptId, gap.beganAt, now));
      await tx.attemptInterval.create({ data: { attemptId, kind: 'gap', ...gap, edits } });
    }
    await settleAttempt(
      tx,
      await tx.attempt.update({ where: { id: attemptId }, data: { lastSeenAt: now } }),
      now,
    );
  });
  return getAttemptView(db, attemptId);
}

/** Files that were saved well within a silence: whoever saved them was not away. */
function countSaves(tx: Transaction, attemptId: string, from: Date, to: Date): Promise<number> {
  const gt = new Date(from.getTime() + HEARTBEAT_MS);
  const lt = new Date(to.getTime() - HEARTBEAT_MS);
  return tx.workspaceFile.count({ where: { attemptTask: { attemptId }, savedAt: { gt, lt } } });
}
