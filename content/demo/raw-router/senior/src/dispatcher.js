import { Reply, refusal } from './reply.js';
import { compile, decoded } from './route-pattern.js';

/** After an early answer, a client may go on sending for so long before we hang up. */
const GRACE_MS = 1000;

/**
 * A request listener for a table of resources: `{ '/notes/:id': { GET, PUT, … } }`. A handler takes the decoded
 * parameters and the request, and returns a Reply; throwing one is the short way out. HEAD and Allow come for free.
 */
export function createDispatcher(table) {
  const resources = Object.entries(table).map(([pattern, handlers]) => ({
    match: compile(pattern),
    handlers: new Map(Object.entries({ ...(handlers.GET && { HEAD: handlers.GET }), ...handlers })),
  }));

  function resolve({ url, method }) {
    const path = url.replace(/\?.*$/s, '');
    for (const { match, handlers } of resources) {
      const raw = match(path);
      if (raw === null) continue;
      const handler = handlers.get(method);
      if (!handler) {
        throw refusal(405, `No ${method} here`, { Allow: [...handlers.keys()].join(', ') });
      }
      try {
        return { handler, params: decoded(raw) };
      } catch {
        throw refusal(400, 'The path is not percent-encoded UTF-8');
      }
    }
    throw refusal(404, 'Nothing here');
  }

  async function replyTo(req) {
    try {
      const { handler, params } = resolve(req);
      return await handler(params, req);
    } catch (thrown) {
      if (thrown instanceof Reply) return thrown;
      if (!req.destroyed) console.error(thrown);
      return refusal(500, 'Our fault');
    }
  }

  return async (req, res) => {
    const reply = await replyTo(req);
    if (res.destroyed) return;
    reply.send(res);
    if (!req.complete) hangUpSoon(req);
  };
}

/**
 * For answers that come before the request has ended. Closing right away may reset the connection before the client has
 * read the answer, so what still comes is thrown away for a moment.
 */
function hangUpSoon(req) {
  const timer = setTimeout(() => req.socket.destroy(), GRACE_MS);
  req.once('end', () => clearTimeout(timer));
  req.socket.once('close', () => clearTimeout(timer));
  req.resume();
}
