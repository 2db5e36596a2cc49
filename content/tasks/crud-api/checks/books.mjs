import assert, { AssertionError } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';

/** What the sample and the hidden checks share. */

export const BOOKS = '/v1/books';
export const pathOf = ({ isbn }) => `${BOOKS}/${isbn}`;

export const aYear = (random) => random.integer(1450, 2100);
export const aTitle = (random) => `${random.word(random.integer(3, 9))} ${random.word(random.integer(3, 9))}`;

/** A valid book; `fields` replace its own. */
export const aBook = (random, fields = {}) => ({
  isbn: random.digits(13),
  title: aTitle(random),
  year: aYear(random),
  ...fields,
});

/** `count` valid books in ascending order of ISBN, with room for another ISBN before, between and after them. */
export function aShelf(random, count) {
  let number = random.integer(1_000, 900_000);
  return Array.from({ length: count }, () => {
    number += random.integer(10, 9_000);
    return aBook(random, { isbn: `978${String(number).padStart(10, '0')}` });
  });
}

/** The ISBN that lies `steps` after (or before) another one. */
export const isbnBeside = ({ isbn }, steps) =>
  `978${String(Number(isbn.slice(3)) + steps).padStart(10, '0')}`;

/** The fields a book has, in a fixed order, without whatever else a solution may add. */
const fieldsOf = ({ isbn, title, year }) => ({ isbn, title, year });

/** Like assert.deepEqual, which appends a diff to the message in Node 20.20: a candidate reads these messages. */
export function expectEqual(actual, expected, message) {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError({ message, actual, expected, operator: 'equal' });
}

export function expectStatus(response, status, what) {
  const allowed = [status].flat();
  assert.ok(
    allowed.includes(response.status),
    `${what} should be answered with ${allowed.join(' or ')}, but was answered with ${response.status}.`,
  );
}

/** The body as a JSON object. */
export function objectIn(response, what) {
  let value;
  try {
    value = response.json();
  } catch {
    assert.fail(`${what} should have a JSON body.`);
  }
  assert.ok(
    value !== null && typeof value === 'object' && !Array.isArray(value),
    `${what} should have a JSON object as body.`,
  );
  return value;
}

export function expectBook(response, book, what) {
  const body = objectIn(response, what);
  expectEqual(
    fieldsOf(body),
    fieldsOf(book),
    `${what} should contain the book, with each field exactly as it was sent.`,
  );
}

/** Puts a book there for what comes next. Only the checks of POST itself insist on 201, so that a 200 costs no others. */
export async function create(http, book) {
  const response = await http.post(BOOKS, book);
  assert.ok(
    response.status >= 200 && response.status < 300,
    `A POST of a valid book should create it, but was answered with ${response.status}.`,
  );
  return response;
}

/** Headers for changing a book as it stands now. Without a strong tag to send it is `*`, so that this costs no other check. */
export async function ifCurrent(http, book) {
  const { etag = '*' } = (await http.get(pathOf(book))).headers;
  return { headers: { 'if-match': etag.startsWith('W/') ? '*' : etag } };
}

export async function expectUnchanged(http, book, after) {
  const response = await http.get(pathOf(book));
  expectStatus(response, 200, `A GET of the book after ${after}`);
  expectBook(response, book, `The book after ${after}`);
}

/** The pointers of a 422, without the `#` that some write before a pointer. */
export function pointersIn(response, what) {
  const { errors } = objectIn(response, what);
  assert.ok(Array.isArray(errors), `${what} should list the bad fields in "errors".`);
  return new Set(errors.map((error) => String(error?.pointer).replace(/^#/, '')));
}

/** A 422 that points at these fields, and at no other field of a book. */
export function expectBadFields(response, fields, what) {
  expectStatus(response, 422, what);
  const pointers = pointersIn(response, `The 422 for ${what.charAt(0).toLowerCase()}${what.slice(1)}`);
  for (const field of fields) {
    assert.ok(pointers.has(`/${field}`), `${what} should get a 422 with a pointer to every bad field.`);
  }
  for (const field of ['isbn', 'title', 'year']) {
    assert.ok(
      fields.includes(field) || !pointers.has(`/${field}`),
      `${what} should get a 422 that leaves valid fields alone.`,
    );
  }
}

export async function page(http, query) {
  const response = await http.get(`${BOOKS}${query}`);
  expectStatus(response, 200, 'A GET of a page of books');
  const body = objectIn(response, 'A page of books');
  assert.ok(Array.isArray(body.items), 'A page of books should have an array named "items".');
  return { isbns: body.items.map((item) => item?.isbn), items: body.items, next: body.next };
}

export const nextQuery = (limit, next) => `?limit=${limit}&cursor=${encodeURIComponent(next)}`;
