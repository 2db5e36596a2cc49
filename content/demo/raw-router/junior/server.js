import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 3000);

// all notes, id -> text
const notes = {};

const server = createServer(async (req, res) => {
  const url = new URL(req.url, `http://${req.headers.host}`);
  const parts = decodeURIComponent(url.pathname).split('/');
  console.log(req.method, url.pathname);

  // only /notes/:id exists
  if (parts[1] !== 'notes' || !parts[2]) {
    res.writeHead(404, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ error: 'Not found' }));
    return;
  }
  const id = parts[2];

  if (req.method === 'PUT') {
    // collect the body
    let body = '';
    for await (const chunk of req) {
      body += chunk;
    }

    if (body.length > 64 * 1024) {
      res.writeHead(413, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ error: 'Body too large' }));
      return;
    }

    let data;
    try {
      data = JSON.parse(body);
    } catch (err) {
      res.writeHead(400, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ error: 'Invalid JSON' }));
      return;
    }

    if (!data.text) {
      res.writeHead(400, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ error: 'text is required' }));
      return;
    }

    const isNew = notes[id] === undefined;
    notes[id] = data.text;
    if (isNew) {
      res.writeHead(201, { 'Content-Type': 'application/json', Location: '/notes/' + id });
    } else {
      res.writeHead(200, { 'Content-Type': 'application/json' });
    }
    res.end(JSON.stringify({ text: notes[id] }));
  } else if (req.method === 'GET' || req.method === 'HEAD') {
    if (notes[id] === undefined) {
      res.writeHead(404, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ error: 'Note not found' }));
      return;
    }
    res.writeHead(200, { 'Content-Type': 'application/json' });
    if (req.method === 'GET') {
      res.write(JSON.stringify({ text: notes[id] }));
    }
    res.end();
  } else if (req.method === 'DELETE') {
    if (notes[id] === undefined) {
      res.writeHead(404, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify({ error: 'Note not found' }));
      return;
    }
    delete notes[id];
    res.writeHead(204);
    res.end();
  } else {
    res.writeHead(405, { 'Content-Type': 'application/json', Allow: 'GET, HEAD, PUT, DELETE' });
    res.end(JSON.stringify({ error: 'Method not allowed' }));
  }
});

server.listen(port, '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${port}`);
});
