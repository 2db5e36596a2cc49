import { Problem } from './problems.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/** The cursor says how many books to skip. */
export const cursorOf = (offset) => Buffer.from(`o${offset}`).toString('base64url');

export function parseQuery({ limit, cursor }) {
  return { limit: parseLimit(limit), offset: parseCursor(cursor) };
}

// A parameter that is given twice arrives as an array: no string, so refused.

function parseLimit(text) {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = typeof text === 'string' && /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new Problem(400, `limit has to be from 1 to ${MAX_LIMIT}`);
  return limit;
}

function parseCursor(text) {
  if (text === undefined) return 0;
  const offset = typeof text === 'string' ? Buffer.from(text, 'base64url').toString('latin1') : '';
  if (!/^o[0-9]+$/.test(offset)) throw new Problem(400, 'Unknown cursor');
  return Number(offset.slice(1));
}
