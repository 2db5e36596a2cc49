import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createHttpClient, type HttpClient } from './http-client.js';
import type { HttpAnswer } from './http-exchange.js';
import { HttpProblem } from './http-problem.js';

const open: (net.Server | net.Socket)[] = [];
afterEach(() => {
  for (const handle of open.splice(0)) handle instanceof net.Server ? handle.close() : handle.destroy();
});

async function listen(server: net.Server): Promise<number> {
  open.push(server);
  server.on('connection', (socket: net.Socket) => {
    open.push(socket);
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port; // listening on TCP
}

/** A server that handles raw sockets itself. */
async function raw(handle: (socket: net.Socket) => void): Promise<HttpClient> {
  return createHttpClient(await listen(net.createServer(handle)));
}

/** Answers the request's head with fixed bytes. */
const says = (...parts: (string | Buffer)[]) =>
  raw((socket) => socket.once('data', () => parts.forEach((part) => void socket.write(part))));

async function refusal(answer: Promise<HttpAnswer>): Promise<string> {
  const error = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HttpProblem)) throw new Error(`expected an HttpProblem, not ${String(error)}`);
  return error.connectionLost ? `${error.message} [lost]` : error.message;
}

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

describe('an exchange that is sent in parts', () => {
  /** What the server's socket has received, until `text` is in it. */
  const received = (socket: net.Socket, text: string) =>
    new Promise<string>((resolve) => {
      let all = '';
      socket.setEncoding('latin1').on('data', (part: string) => {
        all += part;
        if (all.includes(text)) resolve(all);
      });
    });
  /** A client and the socket that its next request comes in on. */
  async function meeting() {
    const server = net.createServer();
    const client = createHttpClient(await listen(server));
    return { client, socket: once(server, 'connection').then(([socket]) => socket as net.Socket) };
  }

  test('sends its head at once and each part as a chunk of its own', async () => {
    const { client, socket } = await meeting();
    const exchange = client.open({ method: 'POST', path: '/x' });
    const head = await received(await socket, '\r\n\r\n');
    expect(head).toMatch(/^POST \/x HTTP\/1\.1\r\n(.*\r\n)*transfer-encoding: chunked\r\n/i);
    expect(await exchange.write(Buffer.from([0xc3]))).toBe(true);
    await received(await socket, '1\r\n\xc3\r\n');
    await exchange.write(Buffer.from([0xa9]));
    await exchange.end();
    await received(await socket, '1\r\n\xa9\r\n0\r\n\r\n');
    (await socket).write(LENGTH_2);
    expect((await exchange.answer).text).toBe('ok');
  });

  test('is not chunked when its length is given', async () => {
    const { client, socket } = await meeting();
    const exchange = client.open({ method: 'PUT', path: '/x', headers: { 'Content-Length': '3' } });
    const all = received(await socket, 'abc');
    await exchange.write('a');
    await exchange.write('bc');
    expect(await all).not.toMatch(/chunked/);
    exchange.abort();
  });

  test('may be answered before all was sent; more is not taken then', async () => {
    const { client, socket } = await meeting();
    const exchange = client.open({ method: 'POST', path: '/x' });
    await exchange.write('a');
    (await socket).write(`HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n`);
    expect((await exchange.answer).status).toBe(413);
    expect(await exchange.write('b')).toBe(false);
    await exchange.end();
  });

  test('a server that reads nothing does not hold a write for ever', async () => {
    const { client, socket } = await meeting();
    const exchange = client.open({ method: 'POST', path: '/x', timeoutMs: 300 });
    (await socket).pause();
    expect(await exchange.write(Buffer.alloc(64 * 1024 * 1024))).toBe(false);
    expect(await refusal(exchange.answer)).toBe('Your server did not finish answering POST /x within 0.3 s.');
  });

  test('a server that is not there takes nothing', async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const exchange = createHttpClient(port).open({ method: 'POST', path: '/x' });
    expect(await Promise.all([exchange.write('a'), exchange.write('b'), exchange.end()])).toEqual([
      false,
      false,
      undefined,
    ]);
    expect(await refusal(exchange.answer)).toMatch(/no longer accepted connections .* \[lost\]$/);
  });

  test('nobody has to wait for its answer, and breaking it off is no fault of the server', async () => {
    const { client, socket } = await meeting();
    const left = client.open({ method: 'POST', path: '/x' });
    (await socket).destroy();
    await expect(left.answer).rejects.toThrow('closed the connection without an answer to POST /x');
    const broken = client.open({ method: 'POST', path: '/y' });
    broken.abort();
    expect(await refusal(broken.answer)).toBe('The check itself broke off POST /y.');
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
      'Your server no longer accepted connections when the check sent GET /. [lost]',
    );
  });

  test('a body that is not JSON says so', async () => {
    const html = await (await says(`${OK}Content-Length: 6\r\n\r\n<html>`)).get('/a');
    expect(() => html.json()).toThrow('The answer to GET /a is not valid JSON.');
    const empty = await (await says(`${OK}Content-Length: 0\r\n\r\n`)).get('/a');
    expect(() => empty.json()).toThrow('The answer to GET /a has an empty body where JSON was expected.');
  });
});
