import crypto from 'node:crypto';
import { createToken, verifyToken } from './jwt.js';
import * as users from './users.js';

const loggedOutUsers = new Set();
const failedLogins = {};

function unauthorized(res, error) {
  res.status(401).set('WWW-Authenticate', 'Bearer').json({ error });
}

// middleware: only lets requests with a good token through
export function requireAuth(req, res, next) {
  const [type, token] = (req.headers.authorization || '').split(' ');
  if (type !== 'Bearer' || !token) {
    return unauthorized(res, 'Token is missing');
  }
  try {
    req.user = verifyToken(token);
  } catch (err) {
    return unauthorized(res, 'Token is not valid');
  }
  if (loggedOutUsers.has(req.user.sub)) {
    return unauthorized(res, 'You are logged out');
  }
  next();
}

// middleware: users can only see their own things, admins can see everything
export function requireSelf(req, res, next) {
  if (req.user.role === 'admin' || req.user.sub === req.params.id) {
    return next();
  }
  res.status(403).json({ error: 'These are not your orders' });
}

export async function login(req, res) {
  const { username, password } = req.body;
  if (typeof username !== 'string' || typeof password !== 'string') {
    return res.status(400).json({ error: 'username and password are required' });
  }

  if (failedLogins[username] >= 5) {
    return res.status(429).json({ error: 'Too many failed logins' });
  }

  const user = await users.findByUsername(username);
  if (!user) {
    return unauthorized(res, 'User not found');
  }

  // same as in scripts/hash-password.js
  const [, N, r, p, salt, hash] = user.passwordHash.split('$');
  const result = crypto.scryptSync(password, Buffer.from(salt, 'base64'), 32, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  if (result.toString('base64') !== hash) {
    failedLogins[username] = (failedLogins[username] || 0) + 1;
    // forget it after a minute
    setTimeout(() => failedLogins[username]--, 60 * 1000);
    return unauthorized(res, 'Wrong password');
  }

  failedLogins[username] = 0;
  loggedOutUsers.delete(user.id);
  res.json({ token: createToken(user) });
}

export function logout(req, res) {
  loggedOutUsers.add(req.user.sub);
  res.status(204).send();
}
