import { HttpError } from '../errors.js';

const METHODS_WITH_BODY = ['POST', 'PUT'];

export function requireJson(req, res, next) {
  if (METHODS_WITH_BODY.includes(req.method) && !req.is('application/json')) {
    return next(
      new HttpError(415, 'Unsupported media type', { detail: 'Content-Type must be application/json' }),
    );
  }
  next();
}
