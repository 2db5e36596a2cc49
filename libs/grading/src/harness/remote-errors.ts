import { types } from 'node:util';
import { asText, type Wire } from './remote-wire.js';

const BUILTINS = new Map<string, ErrorConstructor>(
  [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, Error].map((builtin) => [
    builtin.name,
    builtin,
  ]),
);

export const isError = (value: object): value is Error =>
  value instanceof Error || types.isNativeError(value);

/**
 * What of an error travels: the built-in class that it is an instance of, its name, message and code. Not its stack: that
 * of a check would show where its expectations lie.
 */
export function encodeError(error: Error & { code?: unknown }): Wire[] {
  const [builtin = 'Error'] = [...BUILTINS].find(([, constructor]) => error instanceof constructor) ?? [];
  const { name, message, code } = error;
  const isCode = typeof code === 'string' || typeof code === 'number';
  return [builtin, String(name), String(message), isCode ? code : null];
}

/** A real error of the built-in class, with no stack but its first line. Throws `ModuleProblem`. */
export function decodeError([builtin, givenName, givenMessage, code]: unknown[]): Error {
  const name = asText(givenName);
  const message = asText(givenMessage);
  const error = new (BUILTINS.get(asText(builtin)) ?? Error)(message);
  const own = (key: string, value: unknown, enumerable = false) =>
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
  if (name !== error.name) own('name', name);
  own('stack', message === '' ? name : `${name}: ${message}`);
  if (typeof code === 'string' || typeof code === 'number') own('code', code, true);
  return error;
}
