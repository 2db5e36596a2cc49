import { existsSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@assay/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pidsIn } from './cgroup/cgroup-pids.js';
import { KERNEL_CGROUP_FILES, openCgroupTree } from './cgroup/open-cgroup-tree.js';
import type { Container, ContainerSpec, Limits, Pod, SandboxEngine } from './engine.js';
import { cgroupName, currentOwner } from './owner.js';
import { createSandboxEngine, type SandboxOptions } from './sandbox-engine.js';

const MIB = 1024 * 1024;
const LIMITS: Limits = {
  memoryBytes: 96 * MIB,
  pids: 24,
  cpus: 0.5,
  outputBytes: MIB,
  tmpBytes: MIB,
  wallMs: 30_000,
};
const HOME = '/var/lib/assay-abuse-test';
const RUNTIME_PACKAGES = join(import.meta.dirname, '../../../content/runtime/node_modules');

let engine: SandboxEngine;
let log: string[];
let parents: readonly string[];

async function open(options: Partial<SandboxOptions> = {}): Promise<void> {
  log = [];
  engine = createSandboxEngine({
    home: HOME,
    runtimePackages: RUNTIME_PACKAGES,
    log: (line) => void log.push(line),
    ...options,
  });
  await engine.selfTest();
}

/** By the name of its cgroup, the processes of each launcher and container of this process. */
function ourProcesses(): Map<string, number[]> {
  const ours = cgroupName(currentOwner(), '');
  const names = readdirSync(parents[0] ?? '').filter((name) => name.startsWith(ours));
  return new Map(names.map((name) => [name, pidsIn(parents.map((parent) => join(parent, name)))]));
}
/** A parked launcher is the only process in its cgroup. */
const parkedPids = () => [...ourProcesses().values()].filter((pids) => pids.length === 1).flat();
const untilParked = (count: number) =>
  waitFor(`${count} parked launchers`, () => parkedPids().length === count);
const uidOf = (pid: number) => Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

async function start(pod: Pod, spec: Partial<ContainerSpec> = {}): Promise<Container> {
  const container = await pod.start({
    part: 'candidate',
    command: ['/usr/bin/sh', '-c', 'echo up; read _'],
    env: {},
    cwd: '/',
    mounts: {},
    limits: LIMITS,
    ...spec,
  });
  return container;
}
async function uidOfPart(pod: Pod): Promise<number> {
  const { hostPath } = await pod.addFiles('candidate', []);
  return (await stat(hostPath)).uid;
}

beforeEach(async () => {
  ({ parents } = await openCgroupTree(KERNEL_CGROUP_FILES));
});
afterEach(async () => {
  await engine.close();
  expect([...ourProcesses().keys()]).toEqual([]);
});

describe('a parked launcher', () => {
  test('is what the next container starts in, and another takes its place', async () => {
    await open();
    const pod = await engine.openPod();
    await untilParked(2);
    const before = parkedPids();
    await start(pod);
    const uid = await uidOfPart(pod);
    expect(before.filter((pid) => uidOf(pid) === uid).length).toBe(1);
    await untilParked(2);
    expect(parkedPids().filter((pid) => before.includes(pid)).length).toBe(1);
  });

  test('has tight limits of its own; a container has those of its spec', async () => {
    await open();
    const pod = await engine.openPod();
    await untilParked(2);
    const tree = await openCgroupTree(KERNEL_CGROUP_FILES);
    const limitOf = (file: string, name: string) =>
      parents.map((parent) => join(parent, name, file)).find(existsSync) ?? '';
    const isV1 = tree.version === 'cgroup-v1';
    const files = [isV1 ? 'memory.limit_in_bytes' : 'memory.max', 'pids.max'];
    // What v1 counts apart, where the kernel has it, must not be more.
    const apart = isV1 ? ['memory.memsw.limit_in_bytes', 'memory.kmem.tcp.limit_in_bytes'] : [];
    const numberIn = (file: string, name: string) => {
      const path = limitOf(file, name);
      return path ? Number(readFileSync(path, 'utf8')) : null;
    };
    const limits = (name: string) => {
      const [memoryBytes = null, pids = null] = files.map((file) => numberIn(file, name));
      for (const file of apart) expect([null, memoryBytes]).toContain(numberIn(file, name));
      return [memoryBytes, pids];
    };
    const parked = [...ourProcesses().keys()];
    for (const name of parked) expect(limits(name)).toEqual([32 * MIB, 4]);

    await start(pod);
    await start(pod, { limits: { ...LIMITS, memoryBytes: 16 * MIB, pids: 9 } });
    // bwrap's two processes are the sandbox's own
    expect(parked.map(limits).sort(([a], [b]) => Number(a) - Number(b))).toEqual([
      [16 * MIB, 11],
      [96 * MIB, 26],
    ]);
  });

  test('that has been killed is replaced', async () => {
    await open();
    const pod = await engine.openPod();
    await untilParked(2);
    for (const pid of parkedPids()) process.kill(pid, 'SIGKILL');
    await untilParked(0);
    const container = await start(pod, { command: ['/usr/bin/sh', '-c', 'exit 3'] });
    expect(await container.exited).toMatchObject({ cause: 'exited', code: 3 });
    await untilParked(2);
    await waitFor('nothing but these', () => ourProcesses().size === 2);
  });

  test('is not made while somebody measures', async () => {
    await open();
    const pod = await engine.openPod();
    const end = await pod.quiet();
    expect(parkedPids().length).toBe(2);
    for (let n = 0; n < 3; n++) await (await start(pod, { command: ['/usr/bin/sh', '-c', ''] })).exited;
    // Cgroups are removed after the end is told.
    await waitFor('no launcher to be left', () => ourProcesses().size === 0);
    end();
    await untilParked(2);
  });
});

describe('a pod that is ready in advance', () => {
  /** The network that a container sees. */
  async function networkOf(pod: Pod): Promise<string> {
    const container = await start(pod, {
      command: ['/usr/bin/node', '-p', 'fs.readlinkSync("/proc/self/ns/net")'],
    });
    await container.exited;
    return container.outputTail().trim();
  }

  test('is fresh, used once and replaced', async () => {
    await open({ readyPods: 1 });
    await untilParked(2);
    const ready = parkedPids();
    const first = await engine.openPod();
    await start(first);
    const uid = await uidOfPart(first);
    expect(ready.filter((pid) => uidOf(pid) === uid).length).toBe(1);
    await untilParked(4);

    const second = await engine.openPod();
    const third = await engine.openPod();
    const networks = [await networkOf(first), await networkOf(second), await networkOf(third)];
    const uids = await Promise.all([first, second, third].map(uidOfPart));
    expect(new Set([...networks, readlinkSync('/proc/self/ns/net')]).size).toBe(4);
    expect(new Set(uids).size).toBe(3);
  });

  test('that cannot be made is opened on demand, with a line in the log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-tools-'));
    await chmod(folder, 0o755);
    for (const tool of ['nsenter', 'setpriv', 'taskset', 'ldd', 'sh', 'bash'])
      symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
    const full = join(folder, 'full');
    const bwrap = `#!/bin/sh
      if [ -e ${full} ] && [ "$1" = --unshare-net ]; then echo 'no room left' >&2; exit 1; fi
      exec /usr/bin/bwrap "$@"`;
    writeFileSync(join(folder, 'bwrap'), bwrap, { mode: 0o755 });
    await open({ readyPods: 1, host: { toolFolders: [folder] } });
    await untilParked(2);

    writeFileSync(full, '');
    const ready = await engine.openPod();
    await waitFor('the refill to fail', () => log.some((line) => line.includes('no room left')));
    await expect(engine.openPod()).rejects.toThrow(/no room left/);
    await rm(full);
    const onDemand = await engine.openPod();
    expect(await networkOf(onDemand)).not.toBe(await networkOf(ready));
    await rm(folder, { recursive: true });
  });
});

describe('cores', () => {
  const parallelism = async (cores: readonly number[]) => {
    const pod = await engine.openPod();
    const command = ['/usr/bin/node', '-p', 'os.availableParallelism()'];
    const container = await start(pod, { command, cores });
    await container.exited;
    return Number(container.outputTail());
  };

  test('are those of the spec, and all where none of them can be had', async () => {
    await open();
    const mine = /^Cpus_allowed_list:\t(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    expect(await parallelism([Number(mine)])).toBe(1);
    expect(await parallelism([99_999])).toBe(await parallelism([]));
  });
});
