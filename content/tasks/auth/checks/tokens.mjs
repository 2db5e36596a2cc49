import assert from 'node:assert/strict';
import {
  bearer,
  claimsFor,
  expect401,
  expectOrdersOf,
  expectStatus,
  HEADER,
  nowS,
  orderPath,
  ordersOf,
  sign,
  startWithKey,
  tokenByLogin,
  tokenFor,
  withKey,
} from './auth.mjs';
import { ADMINS, USERS } from './people.mjs';

/** What makes a token valid, and how long it stays so. */

const AS_SENT = 'A request with a valid token';

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Every request that needs a token. */
const guarded = (person) => [
  { method: 'GET', path: ordersOf(person) },
  { method: 'HEAD', path: ordersOf(person) },
  { method: 'GET', path: orderPath(person) },
  { method: 'HEAD', path: orderPath(person) },
  { method: 'PATCH', path: orderPath(person), json: { note: 'x' } },
  { method: 'DELETE', path: orderPath(person) },
  { method: 'POST', path: '/logout' },
];

async function expectRefused(http, person, token, what) {
  expect401(await http.get(ordersOf(person), bearer(token)), what);
}

async function expectAccepted(http, person, token, what = AS_SENT) {
  expectOrdersOf(person, await http.get(ordersOf(person), bearer(token)), what);
}

async function logOut(http, token, what) {
  expectStatus(await http.request({ method: 'POST', path: '/logout', ...bearer(token) }), 204, what);
}

export const tokenChecks = {
  'guards-every-route': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person] = random.shuffle(USERS);
    const valid = tokenFor(random, key, person);
    const note = random.word(12);

    expectStatus(await http.get('/health'), 200, 'A GET of /health without a token');
    for (const request of guarded(person)) {
      const what = `${request.method} ${request.path === '/logout' ? '/logout' : 'of orders'} without a token`;
      expect401(await http.request(request), what);
    }
    const garbled = [
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${random.word(20)}`,
      `Bearer ${random.word(8)}.${random.word(8)}.${random.word(8)}`,
      'Bearer ..',
      `Bearer ${valid.split('.').slice(0, 2).join('.')}`,
      `Bearer ${valid}.${random.word(8)}`,
      `Bearer ${random.word(5)} ${valid}`,
      `Basic ${Buffer.from(`${person.username}:${person.password}`).toString('base64')}`,
      valid,
    ];
    for (const authorization of garbled) {
      const headers = { authorization };
      expect401(
        await http.get(ordersOf(person), { headers }),
        'A request with a garbled Authorization header',
      );
    }

    const elsewhere = 'A request with a token anywhere else than in Authorization';
    for (const name of ['access_token', 'token']) {
      expect401(await http.get(`${ordersOf(person)}?${name}=${valid}`), elsewhere);
      const headers = { cookie: `${name}=${valid}`, 'x-access-token': valid };
      expect401(await http.get(ordersOf(person), { headers }), elsewhere);
    }

    await expectAccepted(http, person, valid);
    const head = await http.request({ method: 'HEAD', path: ordersOf(person), ...bearer(valid) });
    expectStatus(head, 200, 'A HEAD of the own orders with a valid token');
    const path = orderPath(person);
    const order = await http.get(path, bearer(valid));
    expectStatus(order, 200, 'A GET of an own order with a valid token');
    assert.ok(order.json()?.note === '', 'An order should not be changed by a PATCH without a valid token.');
    const patched = await http.request({ method: 'PATCH', path, json: { note }, ...bearer(valid) });
    expectStatus(patched, 200, 'A PATCH of an own order with a valid token');
    assert.ok(patched.json()?.note === note, 'The answer to PATCH should be the order with its new note.');
    expectStatus(await http.delete(path, bearer(valid)), 204, 'A DELETE of an own order with a valid token');
    expectStatus(await http.get(path, bearer(valid)), 404, 'A GET of an own order that was deleted');
  },

  'refuses-wrong-claims': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person] = random.shuffle(USERS);
    const wrong = [
      [{ exp: nowS() - random.integer(1_000, 100_000) }, 'A token that expired'],
      [{ exp: undefined }, 'A token without "exp"'],
      [{ exp: null }, 'A token whose "exp" is not a number'],
      [{ exp: String(nowS() + 600) }, 'A token whose "exp" is not a number'],
      [{ exp: random.word(6) }, 'A token whose "exp" is not a number'],
      [{ iss: undefined }, 'A token without "iss"'],
      [{ iss: random.word(6) }, 'A token with another "iss"'],
      [{ iss: `acme.${random.word(4)}` }, 'A token with another "iss"'],
      [{ iss: 'ACME' }, 'A token with another "iss"'],
      [{ iss: ['acme'] }, 'A token whose "iss" is not a text'],
      [{ aud: undefined }, 'A token without "aud"'],
      [{ aud: random.word(6) }, 'A token with another "aud"'],
      [{ aud: `api-${random.word(4)}` }, 'A token with another "aud"'],
      [{ aud: ['api'] }, 'A token whose "aud" is not a text'],
      [{ aud: 'acme', iss: 'api' }, 'A token whose "iss" and "aud" are mixed up'],
    ];
    for (const [fields, what] of random.shuffle(wrong)) {
      await expectRefused(http, person, tokenFor(random, key, person, fields), what);
    }
    const justExpired = tokenFor(random, key, person, { exp: nowS() - 1 });
    await expectRefused(http, person, justExpired, 'A token that expired a second ago');
    await expectAccepted(http, person, tokenFor(random, key, person, { exp: nowS() + 30 }));
    await expectAccepted(http, person, tokenFor(random, key, person, { exp: nowS() + 400 * 86_400 }));
  },

  'refuses-other-algorithms': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person] = random.shuffle(USERS);
    const claims = JSON.stringify(claimsFor(random, person));
    const headerOf = (alg) => JSON.stringify({ alg, typ: 'JWT' });
    const unsigned = (alg) => sign(headerOf(alg), claims, key).replace(/[^.]*$/, '');

    for (const alg of ['none', 'None', 'NONE']) {
      await expectRefused(http, person, unsigned(alg), 'A token with the algorithm "none" and no signature');
    }
    for (const [alg, hash] of [
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
    ]) {
      const token = sign(headerOf(alg), claims, key, hash);
      await expectRefused(http, person, token, 'A token that was signed with HS384 or HS512');
    }
    for (const alg of ['none', 'HS384', 'HS512', 'RS256', 'ES256']) {
      const token = sign(headerOf(alg), claims, key);
      await expectRefused(http, person, token, 'A token whose header names another algorithm than HS256');
    }
    await expectAccepted(http, person, sign(HEADER, claims, key));
    await expectAccepted(http, person, sign('{"typ":"JWT","alg":"HS256"}', claims, key));
  },

  'refuses-changed-tokens': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person, other] = random.shuffle(USERS);
    const [admin] = random.shuffle(ADMINS);
    const claims = claimsFor(random, person);
    const [header, payload, signature] = sign(HEADER, JSON.stringify(claims), key).split('.');

    const withClaims = (fields) => `${header}.${encoded({ ...claims, ...fields })}.${signature}`;
    const changed = 'A token whose payload was changed';
    await expectRefused(http, other, withClaims({ sub: other.id }), changed);
    await expectRefused(http, other, withClaims({ role: 'admin' }), changed);
    await expectRefused(http, other, withClaims({ sub: admin.id, role: 'admin' }), changed);
    await expectRefused(http, person, withClaims({ exp: nowS() + 7 * 86_400 }), changed);

    const flip = signature.startsWith('A') ? 'B' : 'A';
    for (const text of ['', `${flip}${signature.slice(1)}`, signature.slice(0, -6), signature.slice(0, 1)]) {
      const token = `${header}.${payload}.${text}`;
      await expectRefused(http, person, token, 'A token whose signature was changed');
    }
    for (const otherKey of [random.word(40), 'secret', `${key} `, key.toUpperCase()]) {
      const token = sign(HEADER, JSON.stringify(claims), otherKey);
      await expectRefused(http, person, token, 'A token that was signed with another key');
    }
    for (const content of [random.word(9), 'null', '7', '[]', '"claims"', '{"iss":']) {
      const what = 'A token that is signed but does not contain claims';
      await expectRefused(http, person, sign(HEADER, content, key), what);
    }
    for (const content of [random.word(9), 'null', '[]']) {
      const what = 'A token that is signed but whose header is garbled';
      await expectRefused(http, person, sign(content, JSON.stringify(claims), key), what);
    }
    await expectAccepted(http, person, `${header}.${payload}.${signature}`);
  },

  'revokes-one-token': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person, other] = random.shuffle(USERS);
    // Two logins at once: their tokens differ although the user and the second are the same.
    const [first, second] = await Promise.all([tokenByLogin(http, person), tokenByLogin(http, person)]);
    const third = tokenFor(random, key, person);
    const fourth = tokenFor(random, key, person);
    const others = tokenFor(random, key, other);
    const sibling = 'A request with another token of a user who revoked one';

    for (const [revoked, valid] of [
      [first, [second, third, fourth]],
      [third, [second, fourth]],
    ]) {
      await expectAccepted(http, person, revoked);
      await logOut(http, revoked, 'A POST to /logout with a valid token');
      for (const request of guarded(person)) {
        expect401(await http.request({ ...request, ...bearer(revoked) }), 'A request with a revoked token');
      }
      for (const token of valid) await expectAccepted(http, person, token, sibling);
      await expectAccepted(http, other, others, 'A request of another user after somebody logged out');
    }
    await expectAccepted(http, person, await tokenByLogin(http, person), 'A request after a new login');
  },

  'revoked-stays-revoked': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person] = random.shuffle(USERS);
    let token;
    do token = tokenFor(random, key, person);
    while (!/[-_][^.]*$/.test(token));
    await expectAccepted(http, person, token);
    await logOut(http, token, 'A POST to /logout with a valid token');

    const [header, payload, signature] = token.split('.');
    const spellings = [
      ...lastCharacters(signature),
      `${signature}=`,
      signature.replaceAll('-', '+').replaceAll('_', '/'),
      `${signature}!`,
      `${signature.slice(0, 7)}~${signature.slice(7)}`,
      `${signature}AA`,
    ];
    for (const spelling of spellings) {
      const again = `${header}.${payload}.${spelling}`;
      await expectRefused(http, person, again, 'A revoked token with its signature spelled differently');
    }
    for (const again of [`${header}=.${payload}.${signature}`, `${header}.${payload}=.${signature}`]) {
      await expectRefused(http, person, again, 'A revoked token with other characters added');
    }
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      const headers = { authorization: `${scheme} ${token}` };
      expect401(await http.get(ordersOf(person), { headers }), 'A revoked token after another "Bearer"');
    }
    await expectAccepted(http, person, tokenFor(random, key, person));
  },

  'accepts-the-previous-key': async ({ http, server, random }) => {
    const previous = random.word(40);
    const [person] = random.shuffle(USERS);
    const signedWith = (key, fields) => tokenFor(random, key, person, fields);

    const key = await startWithKey({ server, random }, { JWT_SECRET_PREVIOUS: previous });
    await expectAccepted(http, person, signedWith(key));
    const old = signedWith(previous);
    await expectAccepted(http, person, old, 'A request with a token that was signed with the previous key');
    const expired = signedWith(previous, { exp: nowS() - 60 });
    await expectRefused(http, person, expired, 'A token that expired, signed with the previous key');
    const another = signedWith(random.word(40));
    await expectRefused(http, person, another, 'A token that was signed with neither key');
    await logOut(http, old, 'A POST to /logout with a token that was signed with the previous key');
    await expectRefused(http, person, old, 'A revoked token that was signed with the previous key');

    const [header, payload, signature] = (await tokenByLogin(http, person)).split('.');
    const [, , expected] = sign(
      Buffer.from(header, 'base64url'),
      Buffer.from(payload ?? '', 'base64url'),
      key,
    ).split('.');
    assert.ok(signature === expected, 'A new token should be signed with JWT_SECRET, not the previous key.');

    for (const env of [{}, { JWT_SECRET_PREVIOUS: '' }]) {
      await server.kill();
      await server.start({ env: withKey(key, env) });
      await expectAccepted(http, person, signedWith(key));
      for (const none of [previous, '', 'undefined', 'null']) {
        const what = 'A token signed with another key, when there is no previous key,';
        await expectRefused(http, person, signedWith(none), what);
      }
    }
  },
};

/** The other ways to end this text in base64url so that it stands for the same bytes: its last two bits are spare. */
function lastCharacters(text) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const index = alphabet.indexOf(text.at(-1));
  return [1, 2, 3].map((step) => text.slice(0, -1) + alphabet[(index & ~3) | ((index + step) & 3)]);
}
