import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { createDispatcher } from '../src/dispatcher.js';
import { MAX_BODY_BYTES } from '../src/json-body.js';
import { noteResource } from '../src/note-resource.js';

const server = http.createServer(createDispatcher({ '/notes/:id': noteResource(new Map()) }));
const url = (path) => `http://127.0.0.1:${server.address().port}${path}`;
const put = (path, body) => fetch(url(path), { method: 'PUT', body });

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());

test('an encoded slash is part of the id', async () => {
  const { status, headers } = await put('/notes/a%2Fb', '{"text": "x"}');
  assert.equal(status, 201);
  assert.equal(headers.get('location'), '/notes/a%2Fb');
  assert.equal((await fetch(url('/notes/a%2Fb'))).status, 200);
  assert.equal((await fetch(url('/notes/a/b'))).status, 404);
});

test('405 lists HEAD wherever there is GET', async () => {
  const { status, headers } = await fetch(url('/notes/a'), { method: 'POST' });
  assert.equal(status, 405);
  assert.deepEqual(new Set(headers.get('allow').split(', ')), new Set(['HEAD', 'GET', 'PUT', 'DELETE']));
});

test('413 does not wait for the end of the body', async () => {
  const upload = http.request(url('/notes/large'), { method: 'PUT' });
  upload.on('error', () => {}); // it is cut off in the end
  upload.write('x'.repeat(MAX_BODY_BYTES + 1));
  const [answer] = await once(upload, 'response');
  assert.equal(answer.statusCode, 413);
  upload.destroy();
});
