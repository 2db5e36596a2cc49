import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SandboxError } from '../engine.js';
import {
  type Cgroup,
  type CgroupFiles,
  type CgroupLimits,
  type CgroupTree,
  CPU_PERIOD_US,
  orSandboxError,
} from './cgroup.js';
import { cgroupProcesses } from './empty-cgroup.js';

/**
 * Unproven: no machine of ours has memory, pids and cpu in a v2 tree. Written against the kernel's
 * Documentation/admin-guide/cgroup-v2.rst and tested on a fake tree.
 */
const CONTROLLERS = ['memory', 'pids', 'cpu'];

/** A cgroup with children that have limits may hold no processes itself, so those that are there move here. */
const LEAF = 'assay-worker';
/** Processes may start others while they are moved. */
const MOVE_ATTEMPTS = 10;

/** The subtree below this process's own cgroup (`0::/a/b` in /proc/self/cgroup), made ready to carry limits. */
export async function openCgroupV2(files: CgroupFiles): Promise<CgroupTree> {
  const path = /^0::(.*)$/m.exec(await readFile(files.self, 'utf8'))?.[1];
  if (path === undefined) throw new SandboxError(`${files.self} names no v2 cgroup`);
  const own = join(files.root, path);
  // A process started by one that had moved begins in the leaf.
  const parent = basename(own) === LEAF ? dirname(own) : own;

  const offered = (await readFile(join(parent, 'cgroup.controllers'), 'utf8')).trim().split(' ');
  const missing = CONTROLLERS.filter((controller) => !offered.includes(controller));
  if (missing.length > 0)
    throw new SandboxError(`the controllers ${missing.join(', ')} are not delegated to the cgroup ${parent}`);
  await enableControllers(parent);
  return {
    version: 'cgroup-v2',
    parents: [parent],
    create: (name, limits) => createCgroup(parent, name, limits),
  };
}

async function enableControllers(parent: string): Promise<void> {
  const control = join(parent, 'cgroup.subtree_control');
  const enabled = (await readFile(control, 'utf8')).trim().split(' ');
  if (CONTROLLERS.every((controller) => enabled.includes(controller))) return;
  const enable = () => writeFile(control, CONTROLLERS.map((controller) => `+${controller}`).join(' '));
  for (let attempt = 1; ; attempt++) {
    try {
      return await enable();
    } catch (cause) {
      const isBusy = (cause as NodeJS.ErrnoException).code === 'EBUSY'; // every fs error carries a code
      if (!isBusy || attempt === MOVE_ATTEMPTS)
        throw new SandboxError(`cgroup controllers cannot be enabled in ${parent}: ${String(cause)}`, {
          cause,
        });
      await moveProcesses(parent, join(parent, LEAF));
    }
  }
}

async function moveProcesses(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const pids = (await readFile(join(from, 'cgroup.procs'), 'utf8')).split('\n').filter(Boolean);
  for (const pid of pids) {
    // One that has ended meanwhile (ESRCH) needs no move; one that stays makes the next attempt EBUSY again.
    await writeFile(join(to, 'cgroup.procs'), pid).catch(() => undefined);
  }
}

async function createCgroup(parent: string, name: string, limits: CgroupLimits): Promise<Cgroup> {
  const folder = join(parent, name);
  const setLimits = (next: CgroupLimits): void => {
    writeFileSync(join(folder, 'memory.max'), String(next.memoryBytes));
    writeFileSync(join(folder, 'pids.max'), String(next.pids));
    writeFileSync(join(folder, 'cpu.max'), `${Math.round(next.cpus * CPU_PERIOD_US)} ${CPU_PERIOD_US}`);
  };
  try {
    await mkdir(folder);
    const swap = join(folder, 'memory.swap.max'); // missing on a kernel without swap
    if (existsSync(swap)) writeFileSync(swap, '0');
    writeFileSync(join(folder, 'memory.oom.group'), '1');
    setLimits(limits);
  } catch (cause) {
    await rmdir(folder).catch(() => undefined);
    throw new SandboxError(`the cgroup ${name} cannot be made: ${String(cause)}`, { cause });
  }
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  return {
    name,
    ...cgroupProcesses([folder]),
    procsFiles: [join(folder, 'cgroup.procs')],
    setLimits: orSandboxError(name, setLimits),
    readLimits: async () => {
      const [quota, period] = (await read('cpu.max')).split(' ').map(Number);
      return {
        memoryBytes: Number(await read('memory.max')),
        pids: Number(await read('pids.max')),
        cpus: (quota ?? Number.NaN) / (period ?? Number.NaN),
      };
    },
    readOom: () => {
      const events = readFileSync(join(folder, 'memory.events'), 'utf8');
      const count = (key: string) => Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(events)?.[1] ?? 0);
      return { oomKills: count('oom_kill'), ownLimitReached: count('max') > 0 || count('oom') > 0 };
    },
  };
}
