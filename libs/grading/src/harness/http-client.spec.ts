import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { listen, raw, refusal } from '../../test/loopback-server.js';
import { createHttpClient } from './http-client.js';
import type { HttpAnswer } from './http-exchange.js';

/** Answers the request's head with fixed bytes. */
const says = (...parts: (string | Buffer)[]) =>
  raw((socket) => socket.once('data', () => parts.forEach((part) => void socket.write(part))));

describe('an honest server', () => {
  const echo = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('X-Echo', ['a', 'b']);
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    });
  });

  test('gets method, path, headers and body as the check gave them', async () => {
    const client = createHttpClient(await listen(echo));
    const answer = await client.request({
      method: 'PATCH',
      path: '/a%2Fb?x=%',
      headers: { 'If-Match': '"1"' },
      body: 'é',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['x-echo']).toBe('a, b');
    expect(answer.rawHeaders).toContain('X-Echo');
    expect(answer.json()).toMatchObject({
      method: 'PATCH',
      url: '/a%2Fb?x=%',
      body: 'é',
      headers: { 'if-match': '"1"', 'content-length': '2' },
    });
  });

  test('gets JSON with its type, unless the check says otherwise', async () => {
    const client = createHttpClient(await listen(echo));
    const typed = await client.post('/x', { a: 1 });
    expect(typed.json()).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    const merge = await client.put('/x', 1, { headers: { 'Content-Type': 'application/merge-patch+json' } });
    expect(merge.json()).toMatchObject({ headers: { 'content-type': 'application/merge-patch+json' } });
    expect((await client.delete('/x', { headers: { 'if-match': '*' } })).json()).toMatchObject({
      method: 'DELETE',
    });
    expect((await client.request({ method: 'HEAD', path: '/x' })).text).toBe('');
  });

  test('a fresh connection for every request', async () => {
    let connections = 0;
    const server = http.createServer((_request, response) => response.end());
    server.on('connection', () => {
      connections += 1;
    });
    const client = createHttpClient(await listen(server));
    for (let n = 0; n < 3; n += 1) await client.get('/');
    expect(connections).toBe(3);
  });

  test('the oldest request without an answer is known', async () => {
    const seen: (string | null)[] = [];
    const client = createHttpClient(await listen(echo), (oldest) => seen.push(oldest));
    await Promise.all([client.get('/a'), client.get('/b')]);
    expect(seen[0]).toBe('GET /a');
    expect(seen.at(-1)).toBeNull();
  });

  test('an answer to HEAD has the length of a body and no body', async () => {
    const server = http.createServer((_request, response) =>
      response.setHeader('content-length', 5).end('12345'),
    );
    const client = createHttpClient(await listen(server));
    const answer = await client.head('/');
    expect(answer).toMatchObject({ status: 200, text: '', headers: { 'content-length': '5' } });
  });
});

const OK = 'HTTP/1.1 200 OK\r\n';
const LENGTH_2 = `${OK}Content-Length: 2\r\n\r\nok`;

describe('hostile servers', () => {
  test('response_queue: answers sent ahead never reach a later request', async () => {
    const client = await raw((socket) => {
      socket.once('data', () => socket.write(`${LENGTH_2}${OK}Content-Length: 6\r\n\r\nforged`));
    });
    expect((await client.get('/1')).text).toBe('ok');
    expect((await client.get('/2')).text).toBe('ok');
  });

  test('slow_response: no answer, and a trickle that never stops', async () => {
    const silent = await raw(() => {});
    expect(await refusal(silent.request({ method: 'GET', path: '/', timeoutMs: 100 }))).toBe(
      'Your server did not finish answering GET / within 0.1 s.',
    );
    const trickle = await raw((socket) => {
      socket.write(`${OK}Content-Length: 100000\r\n\r\n`);
      const timer = setInterval(() => socket.write('.'), 10);
      socket.once('close', () => clearInterval(timer));
    });
    expect(await refusal(trickle.request({ method: 'GET', path: '/', timeoutMs: 200 }))).toBe(
      'Your server did not finish answering GET / within 0.2 s.',
    );
    const continues = await raw((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 10);
      socket.once('close', () => clearInterval(timer));
    });
    expect(await refusal(continues.request({ method: 'GET', path: '/', timeoutMs: 200 }))).toMatch(
      /did not finish/,
    );
  });

  test('endless_body: cut at 1 MiB', async () => {
    const client = await raw((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write('x'.repeat(64 * 1024)));
      };
      socket.once('data', () => {
        socket.write(`${OK}\r\n`);
        flood();
        socket.on('drain', flood);
      });
    });
    expect(await refusal(client.get('/'))).toBe('Your server sent more than 1 MiB in answer to GET /.');
  });

  test('endless pages: cut when one check has received 16 MiB', async () => {
    const page = Buffer.alloc(1024 * 1024, 'x');
    const server = http.createServer((_request, response) => response.end(page));
    const client = createHttpClient(await listen(server));
    for (let n = 0; n < 16; n += 1) await client.get(`/${n}`);
    expect(await refusal(client.get('/17'))).toBe('Your server sent more than 16 MiB during this check.');
  });

  test('header_bomb: cut at 16 KiB', async () => {
    const client = await says(OK, `X-Bomb: ${'x'.repeat(64 * 1024)}\r\n\r\n`);
    expect(await refusal(client.get('/'))).toBe(
      'Your server sent more than 16 KiB of headers in answer to GET /.',
    );
  });

  test('gzip_bomb: never decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
    const client = await says(`${OK}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`, bomb);
    const answer = await client.get('/');
    expect(answer.text.length).toBeLessThanOrEqual(bomb.length);
    expect(await refusal(Promise.resolve().then(() => answer.json() as HttpAnswer))).toMatch(
      /is not valid JSON/,
    );
  });

  test('redirect: an answer like any other', async () => {
    const client = await says(
      'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n',
    );
    expect(await client.get('/')).toMatchObject({
      status: 302,
      headers: { location: 'http://169.254.169.254/' },
    });
  });

  test('wrong_length: too short is a broken answer, too long is not read', async () => {
    const short = await raw((socket) =>
      socket.once('data', () => socket.end(`${OK}Content-Length: 10\r\n\r\nok`)),
    );
    expect(await refusal(short.get('/'))).toBe(
      'Your server broke the connection before its answer to GET / was complete. [lost]',
    );
    const long = await says(`${OK}Content-Length: 2\r\n\r\nokay`);
    expect((await long.get('/')).text).toBe('ok');
  });

  test('answers that are not HTTP, or switch protocols', async () => {
    const rubbish = await says('{"passed": true}\r\n\r\n');
    expect(await refusal(rubbish.get('/'))).toBe("Your server's answer to GET / is not valid HTTP.");
    const upgrade = await says(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
    );
    expect(await refusal(upgrade.get('/'))).toBe(
      'Your server answered GET / by switching to another protocol.',
    );
  });

  test('connections that break or are refused', async () => {
    const closing = await raw((socket) => socket.once('data', () => socket.destroy()));
    expect(await refusal(closing.get('/'))).toBe(
      'Your server closed the connection without an answer to GET /. [lost]',
    );
    const reset = await raw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await refusal(reset.get('/'))).toBe(
      'Your server closed the connection without an answer to GET /. [lost]',
    );
    const server = net.createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    expect(await refusal(createHttpClient(port).get('/'))).toBe(
      'Your server no longer accepted connections when GET / was sent. [lost]',
    );
  });

  test('a body that is not JSON says so', async () => {
    const html = await (await says(`${OK}Content-Length: 6\r\n\r\n<html>`)).get('/a');
    expect(() => html.json()).toThrow('The answer to GET /a is not valid JSON.');
    const empty = await (await says(`${OK}Content-Length: 0\r\n\r\n`)).get('/a');
    expect(() => empty.json()).toThrow('The answer to GET /a has an empty body where JSON was expected.');
  });
});
