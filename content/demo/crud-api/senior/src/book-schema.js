import { invalid } from './problem.js';

const isIsbn = (value) => typeof value === 'string' && /^\d{13}$/.test(value);
const isTitle = (value) => typeof value === 'string' && value.length >= 1 && value.length <= 200;
const isYear = (value) => Number.isInteger(value) && value >= 1450 && value <= 2100;

const schema = new Map([
  ['isbn', [isIsbn, 'must be a string of 13 digits']],
  ['title', [isTitle, 'must be a string of 1–200 characters']],
  ['year', [isYear, 'must be an integer, 1450–2100']],
]);

const pointerTo = (key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A clean copy of a valid book; throws a 422 that lists everything wrong with it. */
export function parseBook(input, { isbn: pathIsbn } = {}) {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid([{ pointer: '', detail: 'must be an object' }]);
  }
  const errors = [];
  const given = new Map(Object.entries(input)); // own properties only, __proto__ included
  for (const [key, [isValid, detail]] of schema) {
    if (!isValid(given.get(key))) errors.push({ pointer: pointerTo(key), detail });
  }
  for (const key of given.keys()) {
    if (!schema.has(key)) errors.push({ pointer: pointerTo(key), detail: 'is not a known field' });
  }
  if (errors.length === 0 && pathIsbn !== undefined && given.get('isbn') !== pathIsbn) {
    errors.push({ pointer: '/isbn', detail: 'must equal the isbn in the URL' });
  }
  if (errors.length > 0) throw invalid(errors);
  return { isbn: given.get('isbn'), title: given.get('title'), year: given.get('year') };
}
