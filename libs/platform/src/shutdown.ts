import type { Logger } from './logger.js';

/** Closes once on SIGTERM or SIGINT, then ends the process; a close that hangs is cut off. */
export function closeOnSignal(close: () => Promise<void>, logger: Logger, limitMs = 15_000): void {
  let closing = false;
  const end = (signal: NodeJS.Signals) => {
    if (closing) return;
    closing = true;
    logger.info({ signal }, 'closing');
    const timer = setTimeout(() => {
      logger.error('closing took too long');
      process.exit(1);
    }, limitMs);
    timer.unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'closing failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
