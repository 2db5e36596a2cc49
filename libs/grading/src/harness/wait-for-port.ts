import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 5;

function accepts(port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // The signal, because a full backlog leaves an attempt without any answer.
    const socket = net.connect({ host: '127.0.0.1', port, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** True once 127.0.0.1:`port` accepts a connection, false when `timeoutMs` passed or `signal` said to give up first. */
export async function waitForPort(port: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  while (!over.aborted) {
    if (await accepts(port, over)) return true;
    await delay(RETRY_MS);
  }
  return false;
}
