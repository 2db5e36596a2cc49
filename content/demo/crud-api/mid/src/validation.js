import { ValidationError } from './errors.js';

const validators = {
  isbn: (v) => (typeof v === 'string' && /^\d{13}$/.test(v) ? null : 'must be a string of 13 digits'),
  title: (v) =>
    typeof v === 'string' && v.length >= 1 && v.length <= 200
      ? null
      : 'must be a string of 1 to 200 characters',
  year: (v) =>
    Number.isInteger(v) && v >= 1450 && v <= 2100 ? null : 'must be an integer from 1450 to 2100',
};

/** Collects all problems, so that the client can fix them in one go. */
export function validateBook(body, isbnFromPath) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ValidationError([{ pointer: '', detail: 'must be an object' }]);
  }

  const errors = [];
  for (const [field, validate] of Object.entries(validators)) {
    const detail = validate(body[field]);
    if (detail) errors.push({ pointer: `/${field}`, detail });
  }
  for (const field of Object.keys(body)) {
    if (!validators[field]) errors.push({ pointer: `/${field}`, detail: 'unknown field' });
  }
  if (isbnFromPath && body.isbn !== isbnFromPath) {
    errors.push({ pointer: '/isbn', detail: 'must be the same as in the URL' });
  }

  if (errors.length > 0) throw new ValidationError(errors);

  return { isbn: body.isbn, title: body.title, year: body.year };
}
