export class HttpError extends Error {
  constructor(status, message, extra = {}) {
    super(message);
    this.status = status;
    this.extra = extra;
  }
}

export class NotFound extends HttpError {
  constructor(detail) {
    super(404, 'Not found', { detail });
  }
}

export class ValidationError extends HttpError {
  constructor(errors) {
    super(422, 'Validation failed', { errors });
  }
}
