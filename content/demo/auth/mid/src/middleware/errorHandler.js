import { HttpError } from '../errors.js';

// eslint-disable-next-line no-unused-vars
export function errorHandler(err, req, res, next) {
  const status = err.status ?? 500;
  if (status >= 500) {
    console.error(err);
  }
  if (err instanceof HttpError) {
    res.set(err.headers);
  }
  res.status(status).json({ error: status < 500 ? err.message : 'Internal server error' });
}
