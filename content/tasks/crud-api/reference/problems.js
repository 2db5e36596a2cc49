import { STATUS_CODES } from 'node:http';

/** An error that the client is told of (RFC 9457). `members` are added to the document. */
export class Problem extends Error {
  constructor(status, title = STATUS_CODES[status], members = {}) {
    super(title);
    this.status = status;
    this.members = members;
  }
}

/** Express's and its parsers' errors carry a status, too; whatever carries none is a fault of ours. */
function problemOf(error) {
  if (error instanceof Problem) return error;
  if (error.type === 'entity.parse.failed') return new Problem(400, 'The body is not well-formed JSON');
  if (error.status >= 400 && error.status < 500) return new Problem(error.status);
  console.error(error);
  return new Problem(500);
}

/** The last error handler: Express knows it by its four parameters. */
export function sendProblem(error, _req, res, next) {
  if (res.headersSent) return next(error);
  const { status, message, members } = problemOf(error);
  res
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: message, status, ...members }));
}
