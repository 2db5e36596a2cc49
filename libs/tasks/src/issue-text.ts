import type { z } from 'zod';
import type { FieldPath } from './yaml-positions.js';

type Issue = z.core.$ZodIssue;

const quote = (value: unknown) => JSON.stringify(value);

/** A type's name in an author's words. */
const TYPE_WORDS: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of fields',
};

function bound(
  issue: Extract<Issue, { code: 'too_small' | 'too_big' }>,
  word: string,
  limit: unknown,
): string {
  const count = String(limit);
  if (issue.origin === 'string') return `must have ${word} ${count} characters`;
  if (issue.origin === 'array') return `must have ${word} ${count} entries`;
  return `must be ${word} ${count}`;
}

/** Tasks by their mode, checks by their probe: by one field each, of which written checks have none. */
function unionSentence(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  if (!('options' in issue) || issue.discriminator === undefined) return 'is missing';
  const isMissing = !Object.hasOwn(Object(issue.input) as object, issue.discriminator); // Object() gives an object whatever comes
  if (isMissing) return 'is missing';
  const named = issue.options?.filter((option) => typeof option === 'string');
  return `must be ${named?.map(quote).join(' or ')}`;
}

function sentenceFor(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : `must be ${issue.values.map(quote).join(' or ')}`;
    case 'invalid_union':
      return unionSentence(issue);
    case 'too_small':
      // A message that an author of the schema wrote says more than the bound.
      return issue.message.startsWith('Too ') ? bound(issue, 'at least', issue.minimum) : issue.message;
    case 'too_big':
      return issue.message.startsWith('Too ') ? bound(issue, 'at most', issue.maximum) : issue.message;
    default:
      return issue.message;
  }
}

/** A schema's complaint as fields with sentences, one for every unknown field. Parse with `reportInput: true`. */
export function describeIssue(issue: Issue): { path: FieldPath; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a known field' }));
  }
  return [{ path: issue.path, message: sentenceFor(issue) }];
}
