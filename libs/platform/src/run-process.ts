import type { Registry } from 'prom-client';
import { type Config, readConfigOrExit } from './config.js';
import { createLogger, type Logger } from './logger.js';
import { serveMetrics } from './metrics.js';
import { closeOnSignal } from './shutdown.js';

/** A process that serves. */
export interface Running {
  metrics: Registry;
  metricsPort: number;
  /** Finishes or hands back what is under way; at once when `hurry` aborts. */
  close(hurry: AbortSignal): Promise<void>;
}

/**
 * The life of one of our processes: configuration, logger, metrics, an orderly end on a signal within `closeWithinMs`.
 * What nobody caught is logged, like everything else without secrets, and ends the process with 1: its state is unknown.
 */
export async function runProcess(
  name: string,
  closeWithinMs: (config: Config) => number,
  start: (config: Config, logger: Logger) => Promise<Running>,
): Promise<void> {
  const config = readConfigOrExit();
  const logger = createLogger(name, config.logLevel);
  const crash = (error: unknown, what: string) => {
    logger.fatal({ err: error }, what);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => crash(error, 'uncaught exception'));
  process.on('unhandledRejection', (error) => crash(error, 'unhandled rejection'));

  const starting = start(config, logger);
  // A signal during the start closes what the start has made.
  const close = async (hurry: AbortSignal) => (await starting).close(hurry);
  closeOnSignal(close, logger, closeWithinMs(config));
  try {
    const { metrics, metricsPort } = await starting;
    await serveMetrics(metrics, metricsPort, config.metricsHost);
  } catch (error) {
    crash(error, `${name} cannot start`);
  }
}
