import type { z } from 'zod';

type Part = 'body' | 'params' | 'query' | 'headers';

export interface InvalidField {
  /** RFC 6901; into the body or, with `/params`, `/query` or `/headers` before it, into that part of the request. */
  pointer: string;
  code: string;
  message: string;
}

/** Nobody reads more, and an answer must not grow far beyond its request. */
const MAX_FIELDS = 50;

/** Far above any field's name; what is longer is not repeated. */
const MAX_NAME_LENGTH = 100;

/** The request's input does not match the endpoint's schema. Becomes a problem document with one entry a field. */
export class InputInvalid extends Error {
  override name = 'InputInvalid';
  readonly fields: InvalidField[];

  constructor(part: Part, issues: readonly z.core.$ZodIssue[]) {
    super('input does not match the schema');
    this.fields = issues.flatMap((issue) => fieldsOf(part, issue)).slice(0, MAX_FIELDS);
  }
}

function fieldsOf(part: Part, issue: z.core.$ZodIssue): InvalidField[] {
  const { path, code, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(part, path), code, message }];
  return issue.keys.slice(0, MAX_FIELDS).map((key) => ({
    pointer: pointerTo(part, [...path, key]),
    code: 'unknown_field',
    message: 'is not a field of this request',
  }));
}

/** To the field, or to what holds it if its name is too long. */
function pointerTo(part: Part, path: readonly PropertyKey[]): string {
  const names = path.map(String);
  const long = names.findIndex((name) => name.length > MAX_NAME_LENGTH);
  const shown = long < 0 ? names : names.slice(0, long);
  const segments = shown.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return [...(part === 'body' ? [] : [`/${part}`]), ...segments].join('');
}
