import { HttpError, unauthorized } from './errors.js';

/** Lets nobody pass without a valid token, and leaves its claims in `req.claims`. */
export const requireToken = (tokens) => (req, _res, next) => {
  const [, token] = /^Bearer +(\S+)$/i.exec(req.get('Authorization') ?? '') ?? [];
  const claims = token && tokens.verify(token);
  if (!claims) throw unauthorized('A valid token is needed');
  req.claims = claims;
  next();
};

/** Hides what is under a user's path from everybody but that user and admins. */
export function requireOwner(req, _res, next) {
  const { sub, role } = req.claims;
  if (req.params.id !== sub && role !== 'admin') throw new HttpError(404, 'Not found');
  next();
}
