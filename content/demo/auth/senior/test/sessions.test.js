import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign } from '../src/jwt.js';
import { createSessions } from '../src/sessions.js';

const user = { id: 'u1', role: 'user' };

test('a token is good until it expires', () => {
  let now = 1_000;
  const sessions = createSessions({ jwtKeys: ['k'], clock: () => now });
  const token = sessions.open(user);
  assert.equal(sessions.find(token).userId, 'u1');
  now += 900;
  assert.equal(sessions.find(token), null);
});

test('revoking one token leaves the others alone', () => {
  const sessions = createSessions({ jwtKeys: ['k'] });
  const [first, second] = [sessions.open(user), sessions.open(user)];
  sessions.revoke(sessions.find(first));
  assert.equal(sessions.find(first), null);
  assert.ok(sessions.find(second));
});

test('the previous key verifies and never signs', () => {
  const before = createSessions({ jwtKeys: ['old'] });
  const after = createSessions({ jwtKeys: ['new', 'old'] });
  assert.ok(after.find(before.open(user)));
  assert.equal(before.find(after.open(user)), null);
});

test('claims that are not ours are refused, whoever signed them', () => {
  const sessions = createSessions({ jwtKeys: ['k'] });
  const good = { iss: 'acme', aud: 'api', sub: 'u1', jti: 'j', exp: Date.now() / 1000 + 60 };
  assert.ok(sessions.find(sign(good, 'k')));
  for (const change of [
    { iss: 'x' },
    { aud: ['api'] },
    { exp: undefined },
    { exp: '9999999999' },
    { exp: 1 },
  ]) {
    assert.equal(sessions.find(sign({ ...good, ...change }, 'k')), null);
  }
});
