import { preconditionFailed, preconditionRequired } from './problem.js';

export const etag = ({ version }) => `"v${version}"`;

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

/** A guard for changes. Strong comparison (RFC 9110, 8.8.3.2): weak tags stay in the list and equal nothing of ours. */
export function ifMatch(req) {
  const header = req.get('If-Match');
  return (record) => {
    if (header === undefined) throw preconditionRequired();
    if (header.trim() === '*') return;
    const tags = header.match(ENTITY_TAG) ?? [];
    if (!tags.includes(etag(record))) throw preconditionFailed();
  };
}
