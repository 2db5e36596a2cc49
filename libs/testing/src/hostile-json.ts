import type { JsonSchema } from './sample-request.js';

/** One field of a body made hostile. */
export interface HostileField {
  what: string;
  path: readonly string[];
  /** What stands there, as JSON; null: the field is left out. */
  json: string | null;
  /** Whether the schema forbids it for certain; otherwise it may be taken or refused. */
  isWrong: boolean;
}

const VERY_LONG = 500_000;

export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  nothing: '',
  blanks: ' \t ',
  'control characters': 'a\u0007\u001b[31mb',
  'a line break and a header': 'a\r\nset-cookie: x=1',
  'characters that nobody sees': '\u200b\u2060\u00ad',
  'text that runs backwards': 'a\u202eb',
  NUL: 'a\0b',
  'the first half of a surrogate pair': 'a\ud800',
  'the second half of a surrogate pair': '\udc00a',
  'the last code points': '\u{10ffff}\ufffe\uffff',
  'a family': '👨‍👩‍👧‍👦',
  markup: '"><script>alert(1)</script>',
  SQL: "'; DROP TABLE role; --",
  'a way up': '../../etc/passwd',
  'percent signs': '%00%zz%',
  'a name of every object': '__proto__',
  'a very long text': 'x'.repeat(VERY_LONG),
};

const OTHER_TYPES: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'true',
  number: '5',
  string: '"text"',
  array: '[]',
  object: '{}',
};

const NUMBERS = [
  '-1',
  '0',
  '-0',
  '0.5',
  '1e400',
  '-1e400',
  '1e308',
  '5e-324',
  '2147483648',
  '9007199254740993',
];

/** Every way that we know to make a value of this schema hostile, and every field in it. */
export function* hostileFields(schema: JsonSchema, path: string[] = []): Generator<HostileField> {
  const field = (what: string, json: string, isWrong: boolean): HostileField => ({
    what,
    path,
    json,
    isWrong,
  });
  const type = schema.type === 'integer' ? 'number' : schema.type;
  for (const [other, json] of Object.entries(OTHER_TYPES)) {
    if (other !== type) yield field(`a ${other}`, json, true);
  }
  if (schema.enum || schema.const !== undefined) {
    yield field('no such word', '"no such word"', true);
    return;
  }
  if (type === 'object') yield* hostileObject(schema, path);
  if (type === 'array') yield* hostileArray(schema, path);
  if (type === 'number') {
    const { minimum = -1e9, maximum = 1e9 } = schema;
    for (const json of [...NUMBERS, ...[minimum - 1, minimum, maximum, maximum + 1].map(String)]) {
      const value = Number(json);
      const isFraction = schema.type === 'integer' && !Number.isInteger(value);
      yield field(json, json, !(value >= minimum && value <= maximum) || isFraction);
    }
  }
  if (type === 'string') {
    const { minLength = 0, maxLength = VERY_LONG } = schema;
    const lengths = [minLength - 1, minLength, maxLength, maxLength + 1].filter((length) => length > 0);
    const bounds = Object.fromEntries(
      lengths.map((n) => [`${n} letters`, 'x'.repeat(Math.min(n, VERY_LONG))]),
    );
    for (const [what, text] of Object.entries({ ...HOSTILE_TEXTS, ...bounds })) {
      yield field(what, JSON.stringify(text), isWrongText(schema, path.at(-1), text));
    }
  }
}

function isWrongText(
  { minLength = 0, maxLength, pattern }: JsonSchema,
  name: string | undefined,
  text: string,
) {
  if (text.length < minLength || (maxLength !== undefined && text.length > maxLength)) return true;
  if (pattern && !new RegExp(pattern).test(text)) return true;
  // Only a password may hold what cannot be stored: it never is.
  return name !== 'password' && (text.includes('\0') || !text.isWellFormed());
}

function* hostileObject(schema: JsonSchema, path: string[]): Generator<HostileField> {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema;
  for (const [name, value] of Object.entries(properties)) {
    yield* hostileFields(value, [...path, name]);
    yield { what: 'nothing at all', path: [...path, name], json: null, isWrong: required.includes(name) };
  }
  const [known] = (propertyNames?.enum ?? []) as string[];
  if (known && typeof additionalProperties === 'object') {
    yield* hostileFields(additionalProperties, [...path, known]);
  }
  for (const name of ['a/b~c', '', 'toString', '\ud800', 'x'.repeat(1_000)]) {
    const what = `an unknown field, ${JSON.stringify(name.slice(0, 20))}`;
    yield { what, path: [...path, name], json: '1', isWrong: true };
  }
}

function* hostileArray({ items = {}, minItems = 0, maxItems = 1_000 }: JsonSchema, path: string[]) {
  for (const [what, count] of Object.entries({
    'too few': minItems - 1,
    'too many': maxItems + 1,
    many: 50_000,
  })) {
    if (count < 0) continue;
    const json = JSON.stringify(Array.from({ length: count }, () => 'x'));
    yield { what, path, json, isWrong: true };
  }
  yield* hostileFields(items, [...path, '0']);
}

const HOLE = 'here comes what is hostile';

/** The body's JSON with that field as it says. */
export function withField(body: Record<string, unknown>, { path, json }: HostileField): string {
  const name = path.at(-1);
  if (name === undefined) return json ?? '';
  const copy = structuredClone(body);
  // The path was made from the schema that the body is a sample of.
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key] as typeof copy, copy);
  if (json === null) delete parent[name];
  else parent[name] = HOLE;
  // As text, since no value of JavaScript becomes 1e400.
  return JSON.stringify(copy).replace(JSON.stringify(HOLE), () => json ?? '');
}
