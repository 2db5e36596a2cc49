import { CheckEnd } from '../check-end.js';
import type { HttpClient, HttpRequest } from '../http-client.js';
import type { HttpAnswer } from '../http-exchange.js';

/** For one request that a busy machine may hold up; what it is about never depends on it. */
export const PATIENCE_MS = 10_000;

/** Ends the check as failed unless it holds. All texts are the candidate's to read. */
export function demand(
  holds: boolean,
  message: string,
  shown: { expected?: string; actual?: string } = {},
): asserts holds {
  if (!holds) throw new CheckEnd('failed', message, shown);
}

const RANGES = {
  'a 2xx status': [200, 299],
  'a 4xx status': [400, 499],
  'a 5xx status': [500, 599],
  'a status below 500': [100, 499],
} as const;

export function demandStatus({ status }: HttpAnswer, expected: keyof typeof RANGES, message: string): void {
  const [from, to] = RANGES[expected];
  demand(status >= from && status <= to, message, { expected, actual: String(status) });
}

/** A frame as V8 prints it, be it escaped for HTML or JSON. */
const STACK_FRAME = /\bat [^\n]{0,200}?(?:file:\/\/|node:|\/)[^\s"()]+:\d+:\d+/;

export function demandNoStack({ text }: HttpAnswer): void {
  demand(!STACK_FRAME.test(text), 'No answer may show a stack trace.');
}

/** The quick request that shows that a server still works; gives how long it took, in milliseconds. */
export async function demandPing(http: HttpClient, ping: HttpRequest, when: string): Promise<number> {
  const startMs = performance.now();
  const answer = await http.request({ ...ping, timeoutMs: PATIENCE_MS });
  demandStatus(answer, 'a 2xx status', `${ping.method} ${ping.path} must be answered with 2xx ${when}.`);
  return performance.now() - startMs;
}
