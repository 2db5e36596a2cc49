import assert from 'node:assert/strict';
import {
  bearer,
  expect401,
  expectEqual,
  expectOrdersOf,
  expectStatus,
  logIn,
  logInWrongly,
  nowS,
  objectIn,
  ordersOf,
  sign,
  startWithKey,
  tokenByLogin,
  withKey,
} from './auth.mjs';
import { ADMINS, USERS } from './people.mjs';

/** Logging in, and starting. */

const LIFETIME_S = 15 * 60;
const STACK_TRACE = /(\n|\\n)\s*at |&nbsp;at |node:internal|node_modules|\.[cm]?js:\d+/;

function claimsOf(token, key) {
  const parts = token.split('.');
  assert.ok(
    parts.length === 3,
    'The token of a login should be a JSON Web Token: three parts with dots between.',
  );
  const [header, payload] = parts.slice(0, 2).map((part) => Buffer.from(part, 'base64url').toString());
  try {
    const claims = JSON.parse(payload);
    expectEqual(JSON.parse(header).alg, 'HS256', 'The token of a login should name the algorithm HS256.');
    assert.ok(
      sign(header, payload, key) === token,
      'The token of a login should be signed with JWT_SECRET by HMAC with SHA-256, in base64url without padding.',
    );
    return claims ?? {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return assert.fail('The token of a login should have JSON as header and as payload.');
  }
}

export const loginChecks = {
  'logs-in': async ({ http, server, random }) => {
    const key = `${random.word(20)} é€=${random.word(20)}`;
    await server.start({ env: withKey(key) });
    const [person] = random.shuffle(USERS);
    const [admin] = random.shuffle(ADMINS);

    for (const who of [person, admin]) {
      const before = nowS();
      const token = await tokenByLogin(http, who);
      const { iss, aud, sub, role, exp, jti } = claimsOf(token, key);
      expectEqual(
        { iss, aud },
        { iss: 'acme', aud: 'api' },
        'The token of a login should have the right "iss" and "aud".',
      );
      assert.ok(sub === who.id, 'The token of a login should have the id of the user as "sub".');
      expectEqual(role, who.role, 'The token of a login should have the role of the user as "role".');
      assert.ok(
        typeof exp === 'number' && exp >= before + LIFETIME_S - 2 && exp <= nowS() + LIFETIME_S + 2,
        'The token of a login should expire ("exp") 15 minutes after the login, in seconds.',
      );
      assert.ok(typeof jti === 'string' && jti !== '', 'The token of a login should have a text "jti".');
      const own = await http.get(ordersOf(who), bearer(token));
      expectOrdersOf(who, own, 'A GET of the own orders with the token of a login');
    }
    const tokens = await Promise.all([1, 2, 3].map(() => tokenByLogin(http, person)));
    const ids = new Set(tokens.map((token) => claimsOf(token, key).jti));
    assert.ok(ids.size === tokens.length, 'Each login should get a token with a "jti" of its own.');

    expect401(await logInWrongly(http, random, person), 'A login with a wrong password');
    const password = `${person.password} `;
    expect401(await logIn(http, { ...person, password }), 'A login with a space after the password');
    const username = person.username.toUpperCase();
    expect401(await logIn(http, { ...person, username }), 'A login with the user name in upper case');
    const spaced = { ...person, username: ` ${person.username}` };
    expect401(await logIn(http, spaced), 'A login with a space before the user name');
    const stranger = { username: random.word(9), password: person.password };
    expect401(await logIn(http, stranger), 'A login with an unknown user name');
  },

  'answers-bad-logins': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    const [person] = random.shuffle(USERS);
    const { username, password } = person;
    const refuse = async (what, statuses, request) => {
      const response = await request;
      expectStatus(response, statuses, what);
      assert.ok(!STACK_TRACE.test(response.text), `${what} should be answered without a stack trace.`);
      const { error } = objectIn(response, `The error for ${what.charAt(0).toLowerCase()}${what.slice(1)}`);
      assert.ok(typeof error === 'string', `${what} should be answered with JSON that has a text "error".`);
    };
    const send = (body, type = 'application/json') =>
      http.request({ method: 'POST', path: '/login', headers: { 'content-type': type }, body });

    for (const body of [`{"username": "${username}"`, `{username: ${username}}`, random.word(9)]) {
      await refuse('A login whose body is not well-formed JSON', 400, send(body));
    }
    const wrongTypes = [
      {},
      { username },
      { password },
      { username, password: null },
      { username, password: 7 },
      { username, password: [password] },
      { username: [username], password },
      { username: { toString: username }, password },
      [username, password],
      null,
      7,
      username,
    ];
    for (const body of random.shuffle(wrongTypes)) {
      await refuse('A login without a text "username" and "password"', 400, send(JSON.stringify(body)));
    }
    const bare = http.request({ method: 'POST', path: '/login' });
    await refuse('A login without a body', [400, 415], bare);
    await refuse('A login whose body is empty', [400, 415], send(''));
    const form = new URLSearchParams({ username, password }).toString();
    const formType = 'application/x-www-form-urlencoded';
    await refuse('A login that was not sent as JSON', [400, 415], send(form, formType));
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const what = 'A login with an unknown user name that means something to JavaScript';
      await refuse(what, 401, logIn(http, { username: name, password }));
    }
    // None of these was a failed login, although there were more than five.
    expectStatus(await logIn(http, person), 200, 'A login after requests that could not be read');
  },

  'needs-a-key-to-start': async ({ http, server, random }) => {
    for (const env of [{}, { JWT_SECRET: '' }, { JWT_SECRET_PREVIOUS: random.word(40) }]) {
      const how = env.JWT_SECRET === '' ? 'With an empty JWT_SECRET' : 'Without JWT_SECRET';
      await server.start({ env, waitUntilListening: false });
      const ended = await server.exit({ withinMs: 10_000 }); // The brief says 5 s: our machine may be busy.
      assert.ok(ended !== null, `${how} the server should end by itself within five seconds.`);
      assert.ok(ended.code !== 0, `${how} the server should end with an exit code other than 0.`);
      const output = await server.output();
      assert.match(output, /\bJWT_SECRET\b/, `${how} the server should say that JWT_SECRET is missing.`);
    }
    await startWithKey({ server, random });
    expectStatus(await http.get('/health'), 200, 'A GET of /health when JWT_SECRET is there');
  },
};
