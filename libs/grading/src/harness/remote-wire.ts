import { moduleProblem } from './remote-problem.js';

/**
 * What a check and the process of a module say to each other, one JSON document a line, the same in both directions.
 * Numbers name things: a call, an iterator (each named by the side that begins it) or a handle (by the side that owns it).
 */

/** A value as remote-values.ts writes it: what JSON has no word for is a list that starts with its kind. */
export type Wire = null | boolean | number | string | Wire[];

export type StepMethod = 'next' | 'return' | 'throw';

/** What gets an answer. */
export type RemoteRequest =
  | { type: 'call'; on: number; args: Wire[] }
  | { type: 'step'; on: number; method: StepMethod; args: Wire[] }
  /** Only the check asks. */
  | { type: 'ask'; what: 'exports' | 'settle' }
  | { type: 'ask'; what: 'listeners'; on: number };

export type RemoteMessage =
  | (RemoteRequest & { id: number })
  | { type: 'returned' | 'threw'; id: number; value: Wire }
  | { type: 'iterate'; id: number; on: number }
  | { type: 'abort'; on: number; reason: Wire };

/** Throws `ModuleProblem` unless the value is one that names a thing. */
export function asId(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number; // a whole number is a number
  throw moduleProblem.unreadable('a name that is no number');
}

/** Throws `ModuleProblem` unless the value is a text. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw moduleProblem.unreadable('a text that is none');
}

function asArgs(value: unknown): Wire[] {
  if (Array.isArray(value)) return value;
  throw moduleProblem.unreadable('arguments that are no list');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw moduleProblem.unreadable('a line that is no JSON');
  }
}

/** The message in a line. Its values are still to be decoded. Throws `ModuleProblem` when it is none. */
export function parseMessage(line: string): RemoteMessage {
  const parsed = parseJson(line);
  if (typeof parsed !== 'object' || parsed === null)
    throw moduleProblem.unreadable('a line without a message');
  const { type, id, on, args, method, what, value, reason } = parsed as Record<string, unknown>; // JSON's objects have any keys
  switch (type) {
    case 'call':
      return { type, id: asId(id), on: asId(on), args: asArgs(args) };
    case 'step':
      if (method !== 'next' && method !== 'return' && method !== 'throw') break;
      return { type, id: asId(id), on: asId(on), method, args: asArgs(args) };
    case 'ask':
      if (what === 'listeners') return { type, id: asId(id), what, on: asId(on) };
      if (what !== 'exports' && what !== 'settle') break;
      return { type, id: asId(id), what };
    case 'returned':
    case 'threw':
      return { type, id: asId(id), value: value as Wire }; // decoding looks at every part of it
    case 'iterate':
      return { type, id: asId(id), on: asId(on) };
    case 'abort':
      return { type, on: asId(on), reason: reason as Wire }; // decoding looks at every part of it
    default:
  }
  throw moduleProblem.unreadable('a message of no known kind');
}
