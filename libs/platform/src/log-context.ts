import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line says that is logged inside of a request or a job: `requestId`, `jobId`, `gradingId`, … */
export type LogContext = Readonly<Record<string, string | undefined>>;

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work`; whatever it logs, however deep, carries `context` and what was there before. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

export const currentLogContext = (): LogContext => storage.getStore() ?? {};
