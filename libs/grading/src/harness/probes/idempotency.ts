import type { ProbedRequest } from '@assay/tasks';
import type { HttpAnswer } from '../http-exchange.js';
import { demand, demandStatus, PATIENCE_MS } from './demand.js';
import type { Probe, ProbeTools, SpecOf } from './probe.js';

const PARALLEL = 3;
const AFTERWARDS = 2;

/** The same request again, beside itself and after itself: it must leave behind what it leaves behind alone. */
export const idempotency: Probe<'idempotency'> = async (tools, spec) => {
  const once = await stateAfter(tools, spec, async (send) => {
    const answer = await send();
    demandStatus(answer, 'a 2xx status', `${labelOf(spec.request)} must be answered with 2xx.`);
  });
  const onceMore = await stateAfter(tools, spec, async (send) => void (await send()));
  const repeated = await stateAfter(tools, spec, async (send) => {
    const answers = await Promise.all(Array.from({ length: PARALLEL }, send));
    for (let i = 0; i < AFTERWARDS; i += 1) answers.push(await send());
    for (const answer of answers)
      demandStatus(
        answer,
        'a status below 500',
        `${labelOf(spec.request)} may come again, also beside itself.`,
      );
  });
  demand(
    sameBut(repeated, once, onceMore),
    `${labelOf(spec.request)} that comes several times must leave behind what it leaves behind when it comes once.`,
  );
};

const labelOf = ({ method, path }: ProbedRequest): string => `${method} ${path}`;

/** What a fresh server shows after the requests. */
async function stateAfter(
  { startAfresh }: ProbeTools,
  { env, before = [], request, state }: SpecOf<'idempotency'>,
  run: (send: () => Promise<HttpAnswer>) => Promise<void>,
): Promise<ReadonlyMap<string, unknown>> {
  const { http } = await startAfresh(env ?? {});
  for (const preparing of before) {
    const answer = await http.request({ ...preparing, timeoutMs: PATIENCE_MS });
    demandStatus(answer, 'a 2xx status', `${labelOf(preparing)} must be answered with 2xx.`);
  }
  await run(() => http.request({ ...request, timeoutMs: PATIENCE_MS }));
  const { status, text } = await http.request({ ...state, timeoutMs: PATIENCE_MS });
  return new Map([['status', status], ...leavesOf(parsed(text), 'body')]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The values that hold no others, by their place. */
function leavesOf(value: unknown, place: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[place, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${place}.${key}`));
}

/** Equal in size and in all that is equal whenever the request comes once: ids and times may differ each time. */
function sameBut(
  found: ReadonlyMap<string, unknown>,
  once: ReadonlyMap<string, unknown>,
  onceMore: ReadonlyMap<string, unknown>,
): boolean {
  if (once.size === onceMore.size && found.size !== once.size) return false;
  return [...once].every(([place, value]) => onceMore.get(place) !== value || found.get(place) === value);
}
