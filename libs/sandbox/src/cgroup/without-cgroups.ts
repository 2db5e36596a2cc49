import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { isLiving, readProcess } from '../living-process.js';
import type { Cgroup, CgroupTree } from './cgroup.js';
import { untilTrue } from './empty-cgroup.js';

/** After SIGSTOP a process stops within microseconds, unless the kernel is busy for it. */
const STOP_WITHIN_MS = 100;

/**
 * What takes the place of cgroups for a worker that may not make any: a container is its launcher, what that has
 * started, and everything in the pid namespace that the wall made. It can be found and ended, but not limited: limits are
 * those of each process (`bubblewrap.ts`), and the kernel tells nothing about memory.
 */
export function openWithoutCgroups(): CgroupTree {
  return { version: 'rlimits', parents: [], create: async (name) => followedContainer(name) };
}

function followedContainer(name: string): Cgroup {
  let launcher: { pid: number; isAlive: () => boolean } | null = null;
  /** Its pid namespace, held open: the kernel gives the number of one that has ended to the next. */
  let held: { id: string; fd: number } | null = null;

  const descendants = (): number[] => {
    if (!launcher?.isAlive()) return [];
    const found = [launcher.pid];
    const processes = livingProcesses();
    for (const parent of found)
      found.push(...processes.filter((one) => one.parent === parent).map(({ pid }) => pid));
    return found;
  };
  const pids = (): number[] => {
    if (!held) {
      const found = descendants();
      held = found.map(holdNamespace).find((namespace) => namespace !== null) ?? null;
      if (!held) return found;
    }
    const inside = allPids().filter((pid) => namespaceOf(pid) === held?.id && isLiving(pid));
    return launcher?.isAlive() ? [launcher.pid, ...inside] : inside;
  };
  const kill = (): void => {
    // It must not start the wall's init between our look and our kill: that one would be nobody's.
    if (!held && launcher?.isAlive()) stop(launcher.pid);
    for (const pid of pids()) signal(pid, 'SIGKILL');
  };
  return {
    ...{ name, folders: [], procsFiles: [], pids, kill },
    follow(pid, isAlive) {
      launcher = { pid, isAlive };
    },
    empty: () =>
      untilTrue(() => {
        if (pids().length === 0) return true;
        kill();
        return false;
      }),
    async remove() {
      if (held) closeSync(held.fd);
      held = null;
      return true;
    },
    setLimits: () => undefined,
    readLimits: async () => ({
      ...{ memoryBytes: Number.POSITIVE_INFINITY, pids: Number.POSITIVE_INFINITY },
      cpus: Number.POSITIVE_INFINITY,
    }),
    readOom: () => ({ oomKills: 0, ownLimitReached: false }),
  };
}

const allPids = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

/** Without those that have ended and wait for their parent. */
const livingProcesses = () => allPids().flatMap((pid) => readProcess(pid) ?? []);

/** Null for processes of others, which hide it, and for what has ended. */
function namespaceOf(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

/** Null when the process is in our own. */
function holdNamespace(pid: number): { id: string; fd: number } | null {
  const id = namespaceOf(pid);
  if (id === null || id === namespaceOf('self')) return null;
  try {
    return { id, fd: openSync(`/proc/${pid}/ns/pid`, 'r') };
  } catch {
    return null; // ended since, and all in there with it
  }
}

function stop(pid: number): void {
  signal(pid, 'SIGSTOP');
  const startedAt = performance.now();
  while (!['T', undefined].includes(readProcess(pid)?.state))
    if (performance.now() - startedAt > STOP_WITHIN_MS) return;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended since it was listed.
  }
}
