import { Problem } from './problems.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** The cursor says after which ISBN to go on, so it holds whatever is added or deleted meanwhile. */
export const cursorOf = ({ isbn }) => isbn;

export function parseQuery({ limit, cursor }) {
  return { limit: parseLimit(limit), after: parseCursor(cursor) };
}

// A parameter that is given twice arrives as an array: no string, so refused.

function parseLimit(text) {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = typeof text === 'string' && /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new Problem(400, `limit has to be from 1 to ${MAX_LIMIT}`);
  return limit;
}

function parseCursor(text) {
  if (text === undefined) return '';
  return String(text);
}
