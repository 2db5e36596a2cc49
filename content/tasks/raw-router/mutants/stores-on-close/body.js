import { HttpError } from './http-error.js';

const MAX_BYTES = 64 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The body as JSON. A body that is too long is not read to its end. */
export async function readJson(req) {
  const bytes = await readBytes(req);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new HttpError(400, 'The body is not JSON in UTF-8');
  }
}

async function readBytes(req) {
  const tooLong = new HttpError(413, `The body has more than ${MAX_BYTES} bytes`);
  if (Number(req.headers['content-length']) > MAX_BYTES) throw tooLong;

  return new Promise((resolve, reject) => {
    const chunks = [];
    let length = 0;
    req.on('data', (chunk) => {
      length += chunk.length;
      if (length > MAX_BYTES) reject(tooLong);
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('close', () => resolve(Buffer.concat(chunks)));
    req.on('error', () => {});
  });
}
