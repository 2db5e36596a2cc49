import assert, { AssertionError } from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

/** What the sample and the hidden checks share. */

export const nowS = () => Math.floor(Date.now() / 1000);

/** The variables of a server with this key. As many threads as CPUs: more would only make times uncertain. */
export const withKey = (key, env = {}) => ({ UV_THREADPOOL_SIZE: '2', JWT_SECRET: key, ...env });

/** Starts the server with a key that nobody can know, and gives the key. */
export async function startWithKey({ server, random }, env = {}) {
  const key = random.word(40);
  await server.start({ env: withKey(key, env) });
  return key;
}

const base64url = (text) => Buffer.from(text).toString('base64url');

/** A signed token of these two texts, whatever they are. */
export function sign(header, payload, key, hash = 'sha256') {
  const content = `${base64url(header)}.${base64url(payload)}`;
  return `${content}.${createHmac(hash, key).update(content).digest('base64url')}`;
}

export const HEADER = JSON.stringify({ alg: 'HS256', typ: 'JWT' });

/** The claims of a good token of this person; `fields` replace its own, undefined removes one. */
export const claimsFor = (random, person, fields = {}) => ({
  iss: 'acme',
  aud: 'api',
  sub: person.id,
  role: person.role,
  exp: nowS() + 600,
  jti: random.word(20),
  ...fields,
});

/** A token as another service with the same key would issue it. */
export const tokenFor = (random, key, person, fields) =>
  sign(HEADER, JSON.stringify(claimsFor(random, person, fields)), key);

export const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });

export const ordersOf = ({ id }) => `/users/${id}/orders`;
export const orderPath = (person, orderId = person.orders[0]) => `${ordersOf(person)}/${orderId}`;

export const logIn = (http, { username, password }, options) =>
  http.post('/login', { username, password }, options);
export const logInWrongly = (http, random, { username }, options) =>
  http.post('/login', { username, password: random.word(14) }, options);

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

export function expect401(response, what) {
  expectStatus(response, 401, what);
  assert.match(
    response.headers['www-authenticate'] ?? '',
    /^bearer( |$)/i,
    `The 401 for ${what.charAt(0).toLowerCase()}${what.slice(1)} should have the header WWW-Authenticate: Bearer.`,
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

/** Logs in and gives the token. */
export async function tokenByLogin(http, person, what = 'A login with the right password') {
  const response = await logIn(http, person);
  expectStatus(response, 200, what);
  const { token } = objectIn(response, 'The answer to POST /login');
  assert.ok(
    typeof token === 'string' && token !== '',
    'The answer to POST /login should have a text "token".',
  );
  return token;
}

/** Whether this answer holds exactly this person's orders. */
export function expectOrdersOf(person, response, what) {
  expectStatus(response, 200, what);
  const { items } = objectIn(response, `The answer to ${what.charAt(0).toLowerCase()}${what.slice(1)}`);
  assert.ok(Array.isArray(items), `${what} should be answered with an array "items".`);
  const ids = items.map((order) => order?.id).sort();
  assert.ok(
    isDeepStrictEqual(ids, person.orders),
    `${what} should be answered with all orders of this user, and no others.`,
  );
}
