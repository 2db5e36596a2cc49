import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectModule, type ModuleClient, type ModuleClientOptions } from '../src/harness/remote-module.js';
import { waitForPort } from '../src/harness/wait-for-port.js';

/** Modules for specs, each behind the compiled shim in a plain process without any walls. */

const SHIM = join(import.meta.dirname, '../dist/harness/remote-shim.js');

const cleanups: (() => unknown)[] = [];

/** Ends every process and connection that this file has made. */
export async function endModules(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo; // listening on TCP
  server.close();
  await once(server, 'close');
  return port;
}

export interface Started {
  port: number;
  child: ChildProcess;
  exited: Promise<number | null>;
  output(): string;
}

/** Starts the compiled shim with a module of this source. */
export async function startModule(source: string, file = 'module.mjs'): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-module-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, file), source);
  const port = await freePort();
  const child = spawn(process.execPath, [SHIM, join(folder, file), String(port)], { env: {} });
  cleanups.push(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null); // as documented
  return { port, child, exited, output: () => output };
}

/** The client of a check for it. */
export async function connect(started: Started, options?: ModuleClientOptions): Promise<ModuleClient> {
  const ended = new AbortController();
  void started.exited.then(() => ended.abort());
  assert.ok(await waitForPort(started.port, 30_000, ended.signal), started.output());
  const module = await connectModule(started.port, options);
  cleanups.push(() => module.close());
  return module;
}

/** What the promise rejects with. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => assert.fail(`resolved with ${String(value)}`),
    (error: unknown) => error,
  );
