import { getEventListeners, once } from 'node:events';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Ask, type ModuleSide, Peer } from './remote-peer.js';
import { ModuleProblem } from './remote-problem.js';
import type { ValueCodec } from './remote-values.js';

/**
 * Runs a candidate's module for its checks: `node remote-shim.js <module file> <port>`. Loads the module as Node would,
 * then listens on the loopback for the one connection of the check harness. It handles no error of the module's: what
 * ends a process in plain Node ends this one.
 */

/** How often a module's timers get their turn until it counts as settled, and how many immediates run in between. */
const SETTLE_TIMERS = 4;
const SETTLE_IMMEDIATES = 4;

const [fileText, portText] = process.argv.slice(2);
if (fileText === undefined || portText === undefined)
  throw new Error('usage: remote-shim.js <module file> <port>');
// Node knows a module by its real path.
const file = realpathSync(fileText);

/** The exports by name. What a CommonJS module exports is taken from itself: Node finds its names only by guessing. */
async function load(): Promise<Map<string, unknown>> {
  const namespace = (await import(pathToFileURL(file).href)) as object;
  const commonJs: unknown = createRequire(import.meta.url).cache[file]?.exports;
  const isObject = (typeof commonJs === 'object' && commonJs !== null) || typeof commonJs === 'function';
  if (!isObject) return new Map(Object.entries(namespace));
  return new Map<string, unknown>([...Object.entries(commonJs), ['default', commonJs]]);
}

async function turnsOfTheLoop(): Promise<void> {
  for (let timer = 0; timer < SETTLE_TIMERS; timer += 1) {
    await setTimeout(1);
    for (let turn = 0; turn < SETTLE_IMMEDIATES; turn += 1) await setImmediate();
  }
}

const exported = await load();

async function answer(ask: Ask, codec: ValueCodec): Promise<unknown> {
  switch (ask.what) {
    case 'exports':
      // Only functions can be called; data might be too large to be sent.
      return [...exported].map(([name, value]) => [name, typeof value === 'function' ? value : undefined]);
    case 'listeners':
      return getEventListeners(codec.signalOf(ask.on), 'abort').length;
    case 'settle':
      return turnsOfTheLoop();
  }
}

const moduleSide: ModuleSide = {
  // eslint-disable-next-line no-eval -- because the check's own text is to run here as a plain script, import() included
  evaluate: (source) => (0, eval)(`(${source})`) as unknown,
  answer,
};

const server = net.createServer((socket) => {
  socket.on('error', () => {});
  // Who only looks whether the port is open says nothing.
  socket.once('data', (first: Buffer) => {
    server.close();
    const peer = new Peer(socket, moduleSide, (reason) => {
      // A check that ends closes its connection; anything else is a mistake of ours.
      if (!(reason instanceof ModuleProblem && reason.connectionLost)) throw reason;
    });
    peer.take(first);
  });
});
server.listen(Number(portText), '127.0.0.1');
await once(server, 'listening');
// The worker ends this process. Were it to end with the check's connection, it would look like the module's doing.
setInterval(() => {}, 2 ** 30);
