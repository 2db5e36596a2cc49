import type { z } from 'zod';

type Part = 'body' | 'params' | 'query';

/** The request's input does not match the endpoint's schema. Becomes a problem document with one entry a field. */
export class InputInvalid extends Error {
  override name = 'InputInvalid';
  readonly fields: { pointer: string; code: string; message: string }[];

  constructor(part: Part, issues: readonly z.core.$ZodIssue[]) {
    super('input does not match the schema');
    this.fields = issues.flatMap((issue) => {
      const at = pointer(part, issue.path);
      if (issue.code !== 'unrecognized_keys')
        return [{ pointer: at, code: issue.code, message: issue.message }];
      return issue.keys.map((key) => ({
        pointer: pointer(part, [...issue.path, key]),
        code: 'unknown_field',
        message: 'is not a field of this request',
      }));
    });
  }
}

/** RFC 6901; the body's own pointers stand bare, the others say where they are. */
function pointer(part: Part, path: readonly PropertyKey[]): string {
  const segments = path.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200));
  return (part === 'body' ? '' : `/${part}`) + segments.map((segment) => `/${segment}`).join('');
}
