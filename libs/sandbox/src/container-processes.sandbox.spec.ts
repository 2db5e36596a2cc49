import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@assay/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Container, Pod, SandboxEngine } from './engine.js';
import { createSandboxEngine } from './sandbox-engine.js';

const MIB = 1024 * 1024;
const LIMITS = { memoryBytes: 256 * MIB, pids: 64, cpus: 1, outputBytes: MIB, tmpBytes: MIB, wallMs: 30_000 };

let home: string;
let engine: SandboxEngine;
let pod: Pod;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-processes-'));
  await chmod(home, 0o755); // the sandbox's user must be able to pass
  const runtimePackages = join(import.meta.dirname, '../../../content/runtime/node_modules');
  engine = createSandboxEngine({ home, runtimePackages });
  await engine.selfTest();
}, 120_000);

afterEach(() => pod.close());

afterAll(async () => {
  await engine.close();
  await rm(home, { recursive: true, force: true });
});

/** A container that has said `ready`. */
async function startReady(code: string): Promise<Container> {
  pod = await engine.openPod();
  const app = await pod.addFiles('candidate', [
    { path: 'main.js', content: `${code}\nconsole.log('ready');` },
  ]);
  const container = await pod.start({
    part: 'candidate',
    command: ['/usr/bin/node', '/app/main.js'],
    env: {},
    cwd: '/app',
    mounts: { '/app': app },
    limits: LIMITS,
  });
  await says(container, 'ready');
  return container;
}

const says = (container: Container, text: string) =>
  waitFor(`the container to say ${text}`, () => container.outputTail().includes(text));

const STAYS = 'setInterval(() => {}, 1000);';

describe('a signal', () => {
  test('reaches a handler, which may end the process as it likes', async () => {
    const container = await startReady(`${STAYS} process.on('SIGTERM', () => process.exit(0));`);
    expect(container.signal('SIGTERM')).toBe(true);
    expect(await container.exited).toEqual({ cause: 'exited', code: 0, signal: null, oomKills: 0 });
  });

  test('that nobody handles ends the process, as it would outside: it runs under an init', async () => {
    const container = await startReady(STAYS);
    expect(container.signal('SIGTERM')).toBe(true);
    expect(await container.exited).toEqual({ cause: 'exited', code: null, signal: 'SIGTERM', oomKills: 0 });
  });

  test('goes to the command alone, not to what it has started', async () => {
    const child = `process.on('SIGUSR2', () => console.log('child')); ${STAYS} console.log('child is up');`;
    const container = await startReady(
      `process.on('SIGUSR2', () => console.log('parent'));
       require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`,
    );
    await says(container, 'child is up');
    expect(container.signal('SIGUSR2')).toBe(true);
    await says(container, 'parent');
    expect(container.outputTail()).not.toContain('child\n');
  });

  test('stops and continues', async () => {
    const container = await startReady(`setInterval(() => console.log('tick'), 5);`);
    expect(container.signal('SIGSTOP')).toBe(true);
    expect(container.signal('SIGCONT')).toBe(true);
    const ticks = container.outputTail().length;
    await waitFor('it to go on', () => container.outputTail().length > ticks);
    container.signal('SIGSTOP');
    expect((await container.kill()).signal).toBe('SIGKILL');
  });

  test('to one that has ended is a plain false', async () => {
    const container = await startReady('');
    await container.exited;
    expect(container.signal('SIGTERM')).toBe(false);
    expect(container.usage()).toEqual({ rssAnonBytes: 0, threads: 0, processes: 0 });
  });
});

describe('usage', () => {
  test('counts the processes and threads of the container and nothing of the sandbox', async () => {
    const container = await startReady(`${STAYS}
      process.on('SIGUSR2', () => {
        const { Worker } = require('node:worker_threads');
        for (let n = 0; n < 3; n++) new Worker('setInterval(() => {}, 1000)', { eval: true });
        require('node:child_process').spawn('/usr/bin/sh', ['-c', 'read -r line'], { stdio: ['pipe', 'inherit', 'inherit'] });
      });`);
    const before = container.usage();
    expect(before.processes).toBe(1);
    expect(before.threads).toBeGreaterThan(1);
    container.signal('SIGUSR2');
    await waitFor('three threads and a shell', () => container.usage().threads === before.threads + 4);
    expect(container.usage().processes).toBe(2);
  });

  test('sees memory that the process holds itself', async () => {
    const container = await startReady(`${STAYS}
      process.on('SIGUSR2', () => { globalThis.held = Buffer.alloc(${64 * MIB}).fill(1); console.log('held'); });`);
    const before = container.usage().rssAnonBytes;
    container.signal('SIGUSR2');
    await says(container, 'held');
    const grown = container.usage().rssAnonBytes - before;
    expect(grown).toBeGreaterThan(60 * MIB);
    expect(grown).toBeLessThan(80 * MIB);
  });
});
