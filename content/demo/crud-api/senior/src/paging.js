import { badRequest } from './problem.js';

const FORMAT = 'b1.';

export const encodeCursor = ({ isbn }) => FORMAT + Buffer.from(isbn).toString('base64url');

function decodeCursor(text) {
  if (text === undefined) return '';
  if (typeof text === 'string' && text.startsWith(FORMAT)) {
    const isbn = Buffer.from(text.slice(FORMAT.length), 'base64url').toString();
    if (/^\d{13}$/.test(isbn)) return isbn;
  }
  throw badRequest('cursor is not one that this API handed out');
}

function parseLimit(text = '20') {
  // Anything but a string means that the parameter was repeated.
  if (typeof text !== 'string' || !/^(?:[1-9]\d?|100)$/.test(text)) {
    throw badRequest('limit must be a whole number from 1 to 100');
  }
  return Number(text);
}

export const parsePaging = ({ limit, cursor }) => ({ limit: parseLimit(limit), after: decodeCursor(cursor) });
