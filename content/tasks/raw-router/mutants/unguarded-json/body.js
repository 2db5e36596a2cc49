import { HttpError } from './http-error.js';

const MAX_BYTES = 64 * 1024;

/** The body as JSON. */
export function readJson(req) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let length = 0;
    req.on('error', reject);
    req.on('data', (chunk) => {
      length += chunk.length;
      if (length > MAX_BYTES) reject(new HttpError(413, 'The body is too long'));
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
  });
}
