/** RFC 9457. Throw one anywhere; the handler below is the only place that turns errors into responses. */
export class Problem extends Error {
  constructor(status, title, extensions = {}) {
    super(title);
    this.name = 'Problem';
    this.status = status;
    this.extensions = extensions;
  }
}

export const badRequest = (title) => new Problem(400, title);
export const notFound = (title) => new Problem(404, title);
export const conflict = (title) => new Problem(409, title);
export const preconditionFailed = () => new Problem(412, 'The book has changed since you read it');
export const preconditionRequired = () => new Problem(428, 'This request needs an If-Match header');
export const unsupportedMediaType = () => new Problem(415, 'The body must be application/json');
export const invalid = (errors) => new Problem(422, 'The book is invalid', { errors });

/** What Express and body-parser throw has a status but a message that is not ours to show. */
function toProblem(error) {
  if (error instanceof Problem) return error;
  const status = error?.status ?? 500;
  if (status === 400) return badRequest('The request could not be understood');
  if (status === 413) return new Problem(413, 'The body is too large');
  if (status === 415) return unsupportedMediaType();
  return status < 500 ? new Problem(status, 'The request was refused') : null;
}

export function problemHandler(error, req, res, next) {
  if (res.headersSent) return next(error);
  let problem = toProblem(error);
  if (!problem) {
    console.error(
      JSON.stringify({ msg: 'unexpected error', method: req.method, path: req.path, stack: error?.stack }),
    );
    problem = new Problem(500, 'Something went wrong on our side');
  }
  const document = {
    type: 'about:blank',
    title: problem.message,
    status: problem.status,
    instance: req.originalUrl,
    ...problem.extensions,
  };
  res.status(problem.status).type('application/problem+json').end(JSON.stringify(document));
}
