import { Problem } from './problems.js';

const isText = (value) => typeof value === 'string';

const RULES = [
  {
    name: 'isbn',
    detail: 'must be a string of 13 digits',
    accepts: (value) => isText(value) && /^[0-9]{13}$/.test(value),
  },
  {
    name: 'title',
    detail: 'must be a string of 1 to 200 characters',
    accepts: (value) => isText(value) && value.length >= 1 && value.length <= 200,
  },
  {
    name: 'year',
    detail: 'must be a whole number from 1450 to 2100',
    accepts: (value) => Number.isInteger(value) && value >= 1450 && value <= 2100,
  },
];

const NAMES = new Set(RULES.map(({ name }) => name));

/** The valid book in a request's body. If `isbn` is given, the body's has to be the same. */
export function parseBook(body, isbn) {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new Problem(422, 'A book has to be a JSON object');
  }
  const errors = [];
  const refuse = (name, detail) => errors.push({ pointer: `/${escaped(name)}`, detail });

  for (const { name, detail, accepts } of RULES) {
    if (!Object.hasOwn(body, name)) refuse(name, 'is required');
    else if (!accepts(body[name])) refuse(name, detail);
    else if (name === 'isbn' && body.isbn !== (isbn ?? body.isbn)) refuse(name, 'must be that of the path');
  }
  for (const name of Object.keys(body)) {
    if (!NAMES.has(name)) refuse(name, `is not a field of a book: ${quoted(body[name])}`);
  }
  if (errors.length > 0) throw new Problem(422, 'The book is not valid', { errors });
  return { isbn: body.isbn, title: body.title, year: body.year };
}

/** A name as part of a JSON pointer (RFC 6901). */
const escaped = (name) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** A value as it is shown, cut where it gets long. */
const quoted = (value) => JSON.stringify(value).slice(0, 40);
