import { HttpError } from './http-error.js';
import { findRoute } from './router.js';

/** How long a client that is still sending has to read why it is refused, before its connection is closed. */
const LINGER_MS = 500;

export function createApp(routes) {
  return async (req, res) => {
    try {
      const { handler, params } = findRoute(routes, req.method, req.url);
      send(res, await handler(params, req));
    } catch (error) {
      if (res.destroyed) return; // The client has left: there is nobody to tell.
      send(res, answerFor(error));
      if (!req.complete) stopReading(req);
    }
  };
}

function send(res, { status, headers = {}, json }) {
  if (json === undefined) return res.writeHead(status, headers).end();
  const body = Buffer.from(JSON.stringify(json));
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...headers });
  res.end(body); // For HEAD, Node sends the headers only.
}

function answerFor(error) {
  if (error instanceof HttpError) {
    return { status: error.status, headers: error.headers, json: { error: error.message } };
  }
  console.error(error);
  return { status: 500, json: { error: 'Internal error' } };
}

/** Closing at once would reset the connection, and a client that is still sending would never see the answer. */
function stopReading(req) {
  req.resume();
  setTimeout(() => {
    if (!req.complete) req.destroy();
  }, LINGER_MS).unref();
}
