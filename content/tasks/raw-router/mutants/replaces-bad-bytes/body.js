import { HttpError } from './http-error.js';

const MAX_BYTES = 64 * 1024;

/** The body as JSON. A body that is too long is not read to its end. */
export async function readJson(req) {
  const bytes = await readBytes(req);
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new HttpError(400, 'The body is not JSON in UTF-8');
  }
}

async function readBytes(req) {
  const tooLong = new HttpError(413, `The body has more than ${MAX_BYTES} bytes`);
  if (Number(req.headers['content-length']) > MAX_BYTES) throw tooLong;

  const chunks = [];
  let length = 0;
  // Leaving the loop must not destroy the request: whoever answers it decides what becomes of the rest.
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > MAX_BYTES) throw tooLong;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
