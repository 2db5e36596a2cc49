import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadInClosedLoop } from './closed-loop.js';
import { encodeRequest } from './http-connection.js';

describe('load in a closed loop', () => {
  let server: Server;
  const listen = async (answer: RequestListener): Promise<number> => {
    server = createServer(answer);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const get = (path: string) => encodeRequest({ method: 'GET', path, cookie: 'a=b' });

  it('sends each request over its own connection again and again, and counts what was no 200', async () => {
    const seen = new Map<string, number>();
    const port = await listen((request, response) => {
      const { url = '', socket, headers } = request;
      const key = `${url} ${headers.cookie} ${socket.remotePort}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      response.statusCode = url === '/bad' ? 500 : 200;
      const body = 'x'.repeat(200_000);
      response.setHeader('content-length', body.length);
      // In many pieces: an answer is read to its end.
      response.write(body.slice(0, 10));
      response.end(body.slice(10));
    });
    const round = await loadInClosedLoop(port, [get('/good'), get('/bad')], 200);
    const keys = [...seen.keys()].sort();
    expect(keys).toEqual([
      expect.stringMatching(/^\/bad a=b \d+$/),
      expect.stringMatching(/^\/good a=b \d+$/),
    ]);
    const bad = seen.get(String(keys[0])) ?? 0;
    expect(bad).toBeGreaterThan(1);
    expect(round.errors).toBe(bad);
    expect(round.p95Ms).toBeGreaterThanOrEqual(round.p50Ms);
    expect(round.perSecond).toBeGreaterThan(0);
  });

  it('ends with an error when the server goes away, instead of counting nothing', async () => {
    const port = await listen((request) => request.socket.destroy());
    await expect(loadInClosedLoop(port, [get('/')], 200)).rejects.toThrow('has closed the connection');
  });
});
