import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Nest's token for the process's logger. */
export const LOGGER = Symbol('logger');

/** JSON lines on stdout. What could be a secret is cut out wherever it appears by name. */
export function createLogger(process: string, level: string): Logger {
  return pino({
    base: { process },
    level,
    redact: {
      paths: [
        'password',
        'secret',
        'token',
        'cookie',
        'authorization',
        '*.password',
        '*.secret',
        '*.token',
        '*.cookie',
      ],
      censor: '[cut]',
    },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

/** Nest's own lines through the same logger; its chatter at start-up only at debug level. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}
  log(message: unknown): void {
    this.logger.debug(String(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error({ rest: rest.map(String) }, String(message));
  }
  warn(message: unknown): void {
    this.logger.warn(String(message));
  }
}
