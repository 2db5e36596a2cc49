export class HttpError extends Error {
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export class Unauthorized extends HttpError {
  constructor(message) {
    super(401, message, { 'WWW-Authenticate': 'Bearer' });
  }
}

export class NotFound extends HttpError {
  constructor() {
    super(404, 'Not found');
  }
}

export class TooManyRequests extends HttpError {
  constructor(seconds) {
    super(429, 'Too many failed logins', { 'Retry-After': String(seconds) });
  }
}
