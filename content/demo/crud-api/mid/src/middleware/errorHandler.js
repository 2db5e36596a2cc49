import { HttpError } from '../errors.js';

/**
 * Every error ends up here and leaves as application/problem+json.
 */
// eslint-disable-next-line no-unused-vars
export function errorHandler(err, req, res, next) {
  const status = err.status ?? 500;
  if (status >= 500) {
    console.error(err);
  }

  const problem = {
    type: 'about:blank',
    title: status < 500 ? err.message : 'Internal server error',
    status,
    ...(err instanceof HttpError ? err.extra : {}),
  };

  res.status(status).set('Content-Type', 'application/problem+json').send(JSON.stringify(problem));
}
