import { HttpError } from './errors.js';
import { readJson } from './readBody.js';
import { sendJson } from './sendJson.js';

const notes = new Map();

function requireNote(id) {
  if (!notes.has(id)) throw new HttpError(404, `Note ${id} not found`);
}

export function getNote(req, res, id) {
  requireNote(id);
  sendJson(req, res, 200, { text: notes.get(id) });
}

export async function putNote(req, res, id) {
  const existed = notes.has(id);
  const body = await readJson(req);
  if (!body || typeof body.text !== 'string') {
    throw new HttpError(400, 'Body must be an object with a "text" string');
  }
  notes.set(id, body.text);
  if (existed) sendJson(req, res, 200, { text: body.text });
  else sendJson(req, res, 201, { text: body.text }, { Location: `/notes/${id}` });
}

export function deleteNote(_req, res, id) {
  requireNote(id);
  notes.delete(id);
  res.writeHead(204).end();
}
