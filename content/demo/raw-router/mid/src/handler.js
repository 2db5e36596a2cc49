import { HttpError } from './errors.js';
import { deleteNote, getNote, putNote } from './notesController.js';
import { sendJson } from './sendJson.js';

const handlers = { GET: getNote, HEAD: getNote, PUT: putNote, DELETE: deleteNote };

function parseId(req) {
  const { pathname } = new URL(req.url, 'http://localhost');
  // split before decoding, an id may contain %2F
  const [, resource, id, ...rest] = pathname.split('/');
  if (resource !== 'notes' || !id || rest.length > 0) throw new HttpError(404, 'Not found');
  try {
    return decodeURIComponent(id);
  } catch {
    throw new HttpError(400, 'Malformed id');
  }
}

export async function handleRequest(req, res) {
  try {
    const id = parseId(req);
    const handler = handlers[req.method];
    if (!handler) {
      throw new HttpError(405, `${req.method} is not allowed`, { Allow: Object.keys(handlers).join(', ') });
    }
    await handler(req, res, id);
  } catch (err) {
    if (!(err instanceof HttpError)) console.error(err);
    const { status = 500, headers } = err;
    const message = err instanceof HttpError ? err.message : 'Internal server error';
    if (!res.headersSent) sendJson(req, res, status, { error: message }, headers);
  }
}
