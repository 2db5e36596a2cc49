import { createFailureWindow } from './failure-window.js';
import { badRequest, tooManyFailures, unauthorized } from './http-error.js';
import { verifyPassword } from './passwords.js';

const MAX_FAILURES = 5;

function parseCredentials(body) {
  const { username, password } = body ?? {};
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw badRequest('username and password must be strings');
  }
  return { username, password };
}

export function createLogin({ users, sessions, loginWindowMs }) {
  const failures = createFailureWindow({ max: MAX_FAILURES, windowMs: loginWindowMs });
  setInterval(() => failures.sweep(), loginWindowMs).unref();

  return async function login(req, res) {
    const { username, password } = parseCredentials(req.body);

    const waitMs = failures.waitMs(username);
    if (waitMs > 0) throw tooManyFailures(Math.ceil(waitMs / 1000));
    // Counted before the slow part, or parallel guesses would all get in before the first has failed.
    const uncount = failures.add(username);

    const user = await users.findByUsername(username);
    const matches = await verifyPassword(password, user?.passwordHash);
    if (!user || !matches) throw unauthorized();

    uncount();
    res.json({ token: sessions.open(user) });
  };
}
