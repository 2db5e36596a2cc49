'use strict';

// Everything in one file and without promises: a request is a path, a method and, at last, a body.

const http = require('node:http');
const { isUtf8 } = require('node:buffer');

const LIMIT = 65536;
const METHODS = 'DELETE, GET, HEAD, PUT';

/** [id, text] pairs by id. */
const shelf = new Map();

function reply(res, code, headers, text) {
  for (const name of Object.keys(headers || {})) res.setHeader(name, headers[name]);
  res.statusCode = code;
  if (text === undefined) {
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}

const oops = (res, code, headers) => reply(res, code, headers, `{"status":${code}}`);

/** The text of a note's JSON, or null if this is none. */
function textIn(bytes) {
  if (!isUtf8(bytes)) return null;
  try {
    const { text } = JSON.parse(bytes.toString('utf8'));
    return typeof text === 'string' ? text : null;
  } catch {
    return null; // not JSON, or a null that nothing can be taken from
  }
}

function put(id, req, res) {
  let room = LIMIT;
  let pieces = [];

  function tooLong() {
    req.removeAllListeners('data').removeAllListeners('end');
    pieces = [];
    oops(res, 413, { Connection: 'close' });
  }

  if (+req.headers['content-length'] > LIMIT) return tooLong();

  req.on('data', (piece) => {
    room -= piece.length;
    if (room < 0) tooLong();
    else pieces.push(piece);
  });
  // Does not come if the client goes away first.
  req.on('end', () => {
    const text = textIn(Buffer.concat(pieces));
    if (text === null) return oops(res, 400);
    const code = shelf.has(id) ? 200 : 201;
    shelf.set(id, [id, text]);
    reply(res, code, code === 201 ? { Location: encodeURIComponent(id) } : {});
  });
}

function show(id, res) {
  const [, text] = shelf.get(id);
  reply(res, 200, {}, JSON.stringify({ id, text }));
}

const server = http.createServer((req, res) => {
  const found = /^\/notes\/([^/?]+)(?:\?.*)?$/s.exec(req.url);
  if (!found) return oops(res, 404);

  let id;
  try {
    id = decodeURIComponent(found[1]);
  } catch {
    return oops(res, 400);
  }

  switch (req.method) {
    case 'PUT':
      return put(id, req, res);
    case 'GET':
    case 'HEAD':
      return shelf.has(id) ? show(id, res) : oops(res, 404);
    case 'DELETE':
      return shelf.delete(id) ? reply(res, 204) : oops(res, 404);
    case 'OPTIONS':
      return reply(res, 204, { Allow: METHODS });
    default:
      return oops(res, 405, { Allow: METHODS });
  }
});

server.listen(Number(process.env.PORT), '127.0.0.1');
