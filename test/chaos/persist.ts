import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from '@assay/contracts/client';

const AGAIN_AFTER_MS = 250;
/** More than whoever died may take to rise (havoc.ts), with a load of thirty beside it. */
const GIVE_UP_AFTER_MS = 420_000;

/** Whether a browser would simply try again: nobody answered, or the server says that it cannot right now. */
const isAway = (error: unknown): boolean =>
  error instanceof ProblemError ? error.problem.code === 'service.unavailable' : true;

/**
 * What a browser does while a server is away: asks again until it is there. Rejects with any other answer (a bug
 * above all), and when it takes too long. `onRetry` hears of each failure.
 */
export async function persist<T>(request: () => Promise<T>, onRetry: () => void): Promise<T> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!isAway(error) || performance.now() > deadline) throw error;
      onRetry();
      await delay(AGAIN_AFTER_MS);
    }
  }
}
