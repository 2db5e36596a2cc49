import { STATUS_CODES } from 'node:http';

/** Throw one anywhere; the handler below is the only place that turns errors into responses. */
export class HttpError extends Error {
  constructor(status, message = STATUS_CODES[status], headers = {}) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.headers = headers;
  }
}

export const badRequest = (message) => new HttpError(400, message);
export const unauthorized = () => new HttpError(401, 'Unauthorized', { 'WWW-Authenticate': 'Bearer' });
export const notFound = () => new HttpError(404);
export const tooManyFailures = (retryAfterS) =>
  new HttpError(429, 'Too many failed logins', { 'Retry-After': String(retryAfterS) });

export function errorHandler(error, req, res, next) {
  if (res.headersSent) return next(error);
  if (error instanceof HttpError) {
    return res.status(error.status).set(error.headers).json({ error: error.message });
  }
  // What Express and body-parser throw has a status but a message that is not ours to show.
  const status = error?.status >= 400 && error.status < 500 ? error.status : 500;
  if (status === 500) {
    console.error(JSON.stringify({ msg: 'unexpected error', method: req.method, stack: error?.stack }));
  }
  res.status(status).json({ error: STATUS_CODES[status] });
}
