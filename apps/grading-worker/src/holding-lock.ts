import { type Database, tryLockWork } from '@assay/db';
import { type FirstAbort, firstAbort } from './first-abort.js';

/**
 * Runs `work` while holding the lock of one grading or run. Does nothing when the row is gone, another worker holds the
 * lock, or this one shuts down: duplicate and late deliveries are normal. `stop` aborts when the lock is lost or the
 * worker shuts down; the result is then worthless.
 */
export async function holdingLock(
  db: Database,
  kind: 'grading' | 'run',
  row: { lockKey: number } | null,
  shutdown: AbortSignal,
  work: (stop: FirstAbort) => Promise<void>,
): Promise<void> {
  if (!row || shutdown.aborted) return;
  const lock = await tryLockWork(db, kind, row.lockKey);
  if (!lock) return;
  const stop = firstAbort(lock.lost, shutdown);
  try {
    await work(stop);
  } finally {
    stop.release();
    await lock.release();
  }
}
