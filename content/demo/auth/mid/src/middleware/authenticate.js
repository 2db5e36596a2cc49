import { Unauthorized } from '../errors.js';
import { verifyToken } from '../jwt.js';

// In memory, as the brief allows. Needs Redis once there is more than one instance.
const revoked = new Set();

export const revoke = (token) => revoked.add(token);

export function authenticate(req, res, next) {
  const match = /^Bearer (\S+)$/.exec(req.get('Authorization') ?? '');
  const claims = match && verifyToken(match[1]);
  if (!claims || revoked.has(match[1])) {
    throw new Unauthorized('Please log in');
  }
  req.token = match[1];
  req.user = { id: claims.sub, isAdmin: claims.role === 'admin' };
  next();
}
