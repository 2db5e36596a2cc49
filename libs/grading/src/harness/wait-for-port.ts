import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 2;

/** False, too, when `over` aborts first: a full backlog leaves an attempt without any answer. */
function accepts(port: number, over: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // Not net.connect's own `signal`: it never takes its listener away again, and there may be hundreds of attempts.
    const socket = net.connect({ host: '127.0.0.1', port });
    const settle = (isAccepted: boolean) => {
      over.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(isAccepted);
    };
    const giveUp = () => settle(false);
    over.addEventListener('abort', giveUp);
    socket.once('connect', () => settle(true));
    socket.once('error', giveUp);
  });
}

/** True once 127.0.0.1:`port` accepts a connection, false when `timeoutMs` passed or `signal` said to give up first. */
export async function waitForPort(port: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  // Not AbortSignal.any with AbortSignal.timeout: Node 20 collects such signals as garbage, and they never abort.
  const over = new AbortController();
  const giveUp = () => over.abort();
  const timer = setTimeout(giveUp, timeoutMs);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    while (!over.signal.aborted) {
      if (await accepts(port, over.signal)) return true;
      await delay(RETRY_MS);
    }
    return false;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
