import type { Logger } from './logger.js';

/** After a second signal: time for what only takes a moment. */
const HURRIED_MS = 2_000;

/**
 * Closes once on SIGTERM or SIGINT, then ends the process with 0. A close that takes longer than `limitMs` is cut off,
 * and the process ends with 1. A second signal aborts `hurry`, and cuts off soon.
 */
export function closeOnSignal(
  close: (hurry: AbortSignal) => Promise<void>,
  logger: Logger,
  limitMs: number,
): void {
  const hurry = new AbortController();
  let isClosing = false;
  const cutOffAfter = (ms: number) =>
    setTimeout(() => {
      logger.error('closing took too long');
      process.exit(1);
    }, ms).unref();
  const end = (signal: NodeJS.Signals) => {
    if (isClosing) {
      if (hurry.signal.aborted) return;
      logger.warn({ signal }, 'closing at once');
      hurry.abort();
      cutOffAfter(HURRIED_MS);
      return;
    }
    isClosing = true;
    logger.info({ signal }, 'closing');
    cutOffAfter(limitMs);
    close(hurry.signal).then(
      () => {
        logger.info('closed');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'closing failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
