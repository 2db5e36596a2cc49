import { types } from 'node:util';

const BUILTINS = new Map<string, ErrorConstructor>(
  [TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, Error].map((builtin) => [
    builtin.name,
    builtin,
  ]),
);

/** What of an error travels. Not its stack: that of a check would show where its expectations lie. */
export interface ErrorParts {
  /** The built-in class that it is an instance of, by name. */
  builtin: string;
  name: string;
  message: string;
  code: string | number | null;
}

export const isError = (value: object): value is Error =>
  value instanceof Error || types.isNativeError(value);

export function errorParts(error: Error & { code?: unknown }): ErrorParts {
  const builtin = [...BUILTINS].find(([, constructor]) => error instanceof constructor);
  const { code } = error;
  return {
    builtin: builtin?.[0] ?? 'Error',
    name: String(error.name),
    message: String(error.message),
    code: typeof code === 'string' || Number.isFinite(code) ? (code as string | number) : null, // just looked at
  };
}

/** A real error of the built-in class, with what travelled and no stack but its first line. */
export function rebuildError({ builtin, name, message, code }: ErrorParts): Error {
  const constructor = BUILTINS.get(builtin) ?? Error;
  const error = new constructor(message);
  const own = (key: string, value: unknown, enumerable = false) =>
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
  if (name !== error.name) own('name', name);
  own('stack', message === '' ? name : `${name}: ${message}`);
  if (code !== null) own('code', code, true);
  return error;
}
