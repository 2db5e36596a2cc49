import { createInterface } from 'node:readline';

/** Calls `serve` when the worker says so on stdin, and tells it once it has resolved. */
export function serveWhenTold(serve: () => Promise<void>): void {
  createInterface({ input: process.stdin }).once('line', () => {
    void serve().then(() => process.stdout.write('ready\n'));
  });
}
