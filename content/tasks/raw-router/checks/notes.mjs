import assert, { AssertionError } from 'node:assert/strict';

/** What the sample and the hidden checks share. */

export const MAX_BODY_BYTES = 65_536;

export const anId = (random) => random.word(random.integer(6, 12));
export const aText = (random) => `${random.word(random.integer(3, 9))} ${random.word(random.integer(3, 9))}`;
export const pathOf = (id) => `/notes/${encodeURIComponent(id)}`;
export const bodyOf = (text) => Buffer.from(JSON.stringify({ text }));

/** Like assert.equal, which appends a diff to the message in Node 20.20: a candidate reads these messages. */
export function expectEqual(actual, expected, message) {
  if (Object.is(actual, expected)) return;
  throw new AssertionError({ message, actual, expected, operator: 'equal' });
}

export function expectStatus(response, status, what) {
  const allowed = [status].flat();
  assert.ok(
    allowed.includes(response.status),
    `${what} should be answered with ${allowed.join(' or ')}, but was answered with ${response.status}.`,
  );
}

/** Sends a PUT whose body is given as it is, well-formed or not. */
export const putBody = (http, path, body) =>
  http.request({ method: 'PUT', path, headers: { 'content-type': 'application/json' }, body });

/** Stores a note for what comes next. Only the checks of PUT itself tell 200 from 201, so that this costs no others. */
export async function store(http, path, text) {
  const response = await putBody(http, path, bodyOf(text));
  expectStatus(response, [200, 201], 'A PUT of a valid note');
  return response;
}

/** The text of the note that a response carries. */
export function textIn(response, what) {
  let note;
  try {
    note = response.json();
  } catch {
    assert.fail(`${what} should have a JSON body.`);
  }
  assert.ok(
    note !== null && typeof note === 'object' && typeof note.text === 'string',
    `${what} should have a JSON object with a string named "text" as body.`,
  );
  return note.text;
}

export async function expectNote(http, path, text, what) {
  const response = await http.get(path);
  expectStatus(response, 200, what);
  expectEqual(textIn(response, what), text, `${what} should show the text exactly as it was sent.`);
  return response;
}

export async function expectNoNote(http, path, what) {
  expectStatus(await http.get(path), 404, what);
}

/** The methods in an Allow header, sorted. */
export const methodsIn = (allow) =>
  allow
    .split(',')
    .map((method) => method.trim())
    .filter((method) => method !== '')
    .sort()
    .join(', ');

export function expectMethodRefused(response, what) {
  expectStatus(response, 405, what);
  const { allow } = response.headers;
  assert.ok(allow !== undefined, `${what} should be answered with an Allow header.`);
  expectEqual(
    methodsIn(allow),
    'DELETE, GET, HEAD, PUT',
    `${what} should be answered with an Allow header of exactly GET, HEAD, PUT and DELETE.`,
  );
}

/** The path to which a Location leads, resolved as a client would. */
export function locationOf(response, path) {
  const { location } = response.headers;
  assert.ok(location !== undefined, 'The answer to the PUT of a new note should have a Location header.');
  const base = `http://127.0.0.1${path}`;
  assert.ok(URL.canParse(location, base), 'The Location of a new note should be a URL.');
  const { pathname, search } = new URL(location, base);
  return pathname + search;
}
