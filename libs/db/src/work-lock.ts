import type { Database } from './database.js';

/** Kinds of work, each a namespace of advisory locks. */
export const LOCK_CLASS = { grading: 7101, run: 7102 } as const;

export interface WorkLock {
  /** Aborts when the connection that holds the lock is lost: whoever works must then stop, another may begin. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Takes the advisory lock of one piece of work, or null when another worker holds it. The lock lives as long as its
 * connection: a worker that is killed frees it at once, without leases, heartbeats or a comparison of clocks.
 */
export async function tryLockWork(
  db: Database,
  kind: keyof typeof LOCK_CLASS,
  key: number,
): Promise<WorkLock | null> {
  const client = await db.lockPool.connect();
  const lost = new AbortController();
  const onError = () => lost.abort(new Error('the connection that holds the lock was lost'));
  client.on('error', onError);
  try {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
      LOCK_CLASS[kind],
      key,
    ]);
    if (!rows[0]?.taken) {
      client.off('error', onError);
      client.release();
      return null;
    }
  } catch (error) {
    client.release(true);
    throw error;
  }
  return {
    lost: lost.signal,
    async release() {
      try {
        if (!lost.signal.aborted) {
          await client.query('SELECT pg_advisory_unlock($1, $2)', [LOCK_CLASS[kind], key]);
        }
        client.off('error', onError);
        client.release(lost.signal.aborted);
      } catch {
        client.release(true);
      }
    },
  };
}
