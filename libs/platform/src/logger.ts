import { hostname } from 'node:os';
import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { recordError } from './error-record.js';
import { currentLogContext } from './log-context.js';

export type { Logger } from 'pino';

/** Nest's token for the process's logger. */
export const LOGGER = Symbol('logger');

/** Names under which secrets travel; a net below the rule that nobody logs a request's input. */
const SECRET_NAMES = ['password', 'secret', 'token', 'cookie', 'authorization', 'idempotency-key'];

/**
 * JSON lines on stdout, or wherever `destination` says. A line inside a request or a job carries its ids; an error is
 * logged as `err`, with its stack and causes and nothing else that hangs on it.
 */
export function createLogger(process: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    base: { process, host: hostname(), pid: globalThis.process.pid },
    level,
    mixin: currentLogContext,
    // A copy each: pino would write into the context.
    mixinMergeStrategy: (line: object, context: object) => ({ ...context, ...line }),
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: recordError },
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [`["${name}"]`, `*["${name}"]`]),
      censor: '[cut]',
    },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination ? pino(options, destination) : pino(options);
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
