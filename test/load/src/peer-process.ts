import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server to compare with, in a process of its own. */
export interface Peer {
  port: number;
  stop(): void;
}

/** Starts one of the scripts beside this file. It sends the port that it listens on. */
export async function startPeer(script: 'express-hello.js' | 'canned-answers.js'): Promise<Peer> {
  const child = fork(join(import.meta.dirname, script), { env: { NODE_ENV: 'production' } });
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${script} has ended with status ${String(code)}`);
    }),
  ])) as [number];
  return { port, stop: () => child.disconnect() };
}
