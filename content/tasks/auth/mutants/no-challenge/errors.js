import { STATUS_CODES } from 'node:http';

/** An error that the client is told of, with headers if it needs any: throw one anywhere in a route. */
export class HttpError extends Error {
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export const unauthorized = (message) => new HttpError(401, message);

/** The last error handler. Express's own errors have a status, too; whatever has none is a fault of ours. */
export function sendError(error, _req, res, next) {
  if (res.headersSent) return next(error);
  if (error instanceof HttpError) {
    return res.status(error.status).set(error.headers).json({ error: error.message });
  }
  const status = error.status >= 400 && error.status < 500 ? error.status : 500;
  if (status === 500) console.error(error);
  res.status(status).json({ error: STATUS_CODES[status] });
}
