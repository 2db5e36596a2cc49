import { NotFound } from '../errors.js';

/** Answers 404 rather than 403, so that nobody learns which users exist. */
export function authorizeOwner(req, res, next) {
  if (!req.user.isAdmin && req.user.id !== req.params.id) {
    throw new NotFound();
  }
  next();
}
