import { HttpError } from './errors.js';

const badRequest = (detail) => new HttpError(400, 'Bad request', { detail });

export function parseLimit(value = '20') {
  // ?limit=1&limit=2 comes in as an array
  if (typeof value !== 'string' || !/^\d+$/.test(value)) {
    throw badRequest('limit must be a number');
  }
  const limit = Number(value);
  if (limit < 1 || limit > 100) {
    throw badRequest('limit must be between 1 and 100');
  }
  return limit;
}

// Keyset pagination: the cursor is the last isbn of the previous page, so inserts don't shift pages.
export function encodeCursor(isbn) {
  return Buffer.from(JSON.stringify({ after: isbn })).toString('base64url');
}

export function decodeCursor(value) {
  if (value === undefined) return null;
  try {
    const { after } = JSON.parse(Buffer.from(value, 'base64url').toString('utf8'));
    if (typeof after === 'string' && /^\d{13}$/.test(after)) return after;
  } catch {
    // fall through
  }
  throw badRequest('cursor is not valid');
}
