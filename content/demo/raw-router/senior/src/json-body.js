import { refusal } from './reply.js';

export const MAX_BODY_BYTES = 64 * 1024;

/** Resolves to the parsed body. Rejects with the Reply to send, or with the stream's error if the client leaves. */
export async function jsonBody(req) {
  const bytes = await collect(req);
  try {
    // Fatal: a note must come back byte for byte, so nothing may be replaced on the way in.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refusal(400, 'The body has to be JSON in UTF-8');
  }
}

function collect(req) {
  return new Promise((resolve, reject) => {
    const tooLarge = () => {
      req.off('data', onData);
      reject(refusal(413, `At most ${MAX_BODY_BYTES} bytes, please`));
    };
    if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge();

    const chunks = [];
    let received = 0;
    function onData(chunk) {
      received += chunk.length;
      if (received > MAX_BODY_BYTES) tooLarge();
      else chunks.push(chunk);
    }
    req.on('data', onData);
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('error', reject);
  });
}
