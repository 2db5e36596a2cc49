import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { listen, refusal } from '../../test/loopback-server.js';
import { createHttpClient } from './http-client.js';

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
    (await socket).write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
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
