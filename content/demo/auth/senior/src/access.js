import { notFound, unauthorized } from './http-error.js';

/** Puts the caller into `req.session`, or ends the request with a 401. */
export const authenticate = (sessions) => (req, _res, next) => {
  const token = /^Bearer +(\S+)$/i.exec(req.get('Authorization') ?? '')?.[1];
  const session = token === undefined ? null : sessions.find(token);
  if (!session) throw unauthorized();
  req.session = session;
  next();
};

/** A 404, not a 403: that somebody exists is nobody else's business. */
export function ownerOrAdmin(req, _res, next) {
  const { userId, isAdmin } = req.session;
  if (!isAdmin && userId !== req.params.id) throw notFound();
  next();
}
