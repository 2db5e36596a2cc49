import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends connections that have not sent a request once `shutdown` aborts. Browsers open some to be quicker later; Node does
 * not count them as idle, and closing the server would wait for them.
 */
export function endUnusedConnections(server: Server, shutdown: AbortSignal): void {
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    if (shutdown.aborted) {
      socket.destroy();
      return;
    }
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  server.on('upgrade', ({ socket }) => unused.delete(socket));
  shutdown.addEventListener('abort', () => {
    for (const socket of unused) socket.destroy();
  });
}
