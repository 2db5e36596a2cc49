import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Container, SandboxEngine } from './engine.js';
import { createSandboxEngine } from './sandbox-engine.js';

const MIB = 1024 * 1024;
const WALL_MS = 300;

let engine: SandboxEngine;
beforeAll(async () => {
  engine = createSandboxEngine({
    home: '/var/lib/assay-abuse-test',
    runtimePackages: join(import.meta.dirname, '../../../content/runtime/node_modules'),
  });
  await engine.selfTest();
});
afterAll(() => engine.close());

/** A shell that says when it waits, and is told what to say then. */
async function waiting(): Promise<Container> {
  const pod = await engine.openPod();
  const container = await pod.start({
    part: 'candidate',
    command: ['/usr/bin/sh', '-c', 'echo waits >&5; read -r told <&5; exec 5>&-; echo "$told"; read -r _'],
    env: {},
    cwd: '/',
    mounts: {},
    control: true,
    limits: { memoryBytes: 64 * MIB, pids: 8, cpus: 1, outputBytes: MIB, tmpBytes: MIB, wallMs: WALL_MS },
  });
  expect(String(await once(container.control as NodeJS.EventEmitter, 'data'))).toBe('waits\n');
  return container;
}

test('a container with a control pipe answers on it, and lives from the end of what it is told', async () => {
  const container = await waiting();
  const meanwhile = delay(2 * WALL_MS, 'still waits');
  expect(await Promise.race([container.exited, meanwhile])).toBe('still waits');
  const toldAtMs = performance.now();
  container.control?.end('go\n');
  expect(await container.exited).toMatchObject({ cause: 'timed_out' });
  expect(performance.now() - toldAtMs).toBeGreaterThan(WALL_MS - 10);
  expect(container.outputTail()).toBe('go\n');
});

test('a folder is filled while a container has it already', async () => {
  const pod = await engine.openPod();
  const app = await pod.addFiles('candidate', []);
  const container = await pod.start({
    part: 'candidate',
    command: ['/usr/bin/sh', '-c', 'read -r _; read -r line < /app/a/b; echo "$line"'],
    env: {},
    cwd: '/app',
    mounts: { '/app': app },
    limits: { memoryBytes: 64 * MIB, pids: 8, cpus: 1, outputBytes: MIB, tmpBytes: MIB, wallMs: 30_000 },
  });
  await pod.fill(app, [{ path: 'a/b', content: 'late\n' }]);
  container.stdin.end('\n');
  expect(await container.exited).toMatchObject({ code: 0 });
  expect(container.outputTail()).toBe('late\n');
  const other = await engine.openPod();
  await expect(other.fill(app, [])).rejects.toThrow(/only a folder of this pod/);
});
