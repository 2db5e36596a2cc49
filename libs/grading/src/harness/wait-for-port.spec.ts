import { execFile } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from '@jest/globals';
import { waitForPort } from './wait-for-port.js';

const servers: net.Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => void server.close()));

async function listen(port = 0): Promise<number> {
  const server = net.createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port; // listening on TCP
}

async function freePort(): Promise<number> {
  const port = await listen();
  servers.pop()?.close();
  return port;
}

const never = new AbortController().signal;

test('true at once when something listens, and as soon as it does', async () => {
  expect(await waitForPort(await listen(), 5_000, never)).toBe(true);
  const port = await freePort();
  const waiting = waitForPort(port, 5_000, never);
  await listen(port);
  expect(await waiting).toBe(true);
});

test('false when the time is over', async () => {
  expect(await waitForPort(await freePort(), 30, never)).toBe(false);
});

test('leaves no listener behind, however many attempts it takes', async () => {
  // In a process of its own, whose warnings can be heard.
  const compiled = join(import.meta.dirname, '../../dist/harness/wait-for-port.js');
  const code = `const { waitForPort } = await import(${JSON.stringify(compiled)});
    console.log(await waitForPort(${await freePort()}, 300, new AbortController().signal));`;
  const waited = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
  expect(waited).toEqual({ stdout: 'false\n', stderr: '' });
});

test('false as soon as told to give up', async () => {
  const stop = new AbortController();
  const waiting = waitForPort(await freePort(), 60_000, stop.signal);
  stop.abort();
  expect(await waiting).toBe(false);
});

test('false when the time is over, however often garbage is collected', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const collecting = setInterval(collectGarbage, 10);
  try {
    expect(await waitForPort(await freePort(), 300, never)).toBe(false);
  } finally {
    clearInterval(collecting);
  }
}, 5_000);
