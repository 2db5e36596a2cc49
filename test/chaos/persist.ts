import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from '@assay/contracts/client';

const AGAIN_AFTER_MS = 250;
const GIVE_UP_AFTER_MS = 180_000;

/** Whether a person would simply try again: nobody answered, or the server says that the fault is its own. */
const isOurs = (error: unknown): boolean =>
  error instanceof ProblemError ? error.problem.status >= 500 : true;

/**
 * What a browser does while a server is away: asks again until it is there. Rejects with an answer that says the caller
 * is wrong, and when it takes too long. `onRetry` hears of each failure.
 */
export async function persist<T>(request: () => Promise<T>, onRetry: () => void): Promise<T> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!isOurs(error) || performance.now() > deadline) throw error;
      onRetry();
      await delay(AGAIN_AFTER_MS);
    }
  }
}
