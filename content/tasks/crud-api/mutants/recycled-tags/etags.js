import { Problem } from './problems.js';
import { versionOf } from './store.js';

/** A strong tag: the number of the book's version. */
export const etagOf = ({ isbn }) => `"${versionOf(isbn)}"`;

/** If-Match by RFC 9110, 13.1.1. Tags are compared strongly, so `W/"x"` is never equal to ours. */
export function requireMatch(ifMatch, book) {
  if (ifMatch === undefined) throw new Problem(428, 'If-Match is required');
  if (ifMatch.trim() === '*') return;
  const tags = ifMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
  if (!tags.includes(etagOf(book))) throw new Problem(412, 'The book has changed in the meantime');
}
