import { once } from 'node:events';
import net from 'node:net';
import { afterEach } from '@jest/globals';
import { createHttpClient, type HttpClient } from '../src/harness/http-client.js';
import type { HttpAnswer } from '../src/harness/http-exchange.js';
import { HttpProblem } from '../src/harness/http-problem.js';

const open: (net.Server | net.Socket)[] = [];
afterEach(() => {
  for (const handle of open.splice(0)) handle instanceof net.Server ? handle.close() : handle.destroy();
});

/** Its port; it is closed, with all its connections, after the test. */
export async function listen(server: net.Server): Promise<number> {
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
export async function raw(handle: (socket: net.Socket) => void): Promise<HttpClient> {
  return createHttpClient(await listen(net.createServer(handle)));
}

/** What the candidate would read; `[lost]` when the connection was. */
export async function refusal(answer: Promise<HttpAnswer>): Promise<string> {
  const error = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HttpProblem)) throw new Error(`expected an HttpProblem, not ${String(error)}`);
  return error.connectionLost ? `${error.message} [lost]` : error.message;
}
