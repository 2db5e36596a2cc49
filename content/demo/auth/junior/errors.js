import { STATUS_CODES } from 'node:http';

/** An error that the client is told of: throw one anywhere in a route. */
export class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The last error handler. Express's own errors have a status, too; whatever has none is a fault of ours. */
export function sendError(error, _req, res, next) {
  if (res.headersSent) return next(error);
  const status = error.status >= 400 && error.status < 500 ? error.status : 500;
  if (status === 500) console.error(error);
  res.status(status).json({ error: error instanceof HttpError ? error.message : STATUS_CODES[status] });
}
