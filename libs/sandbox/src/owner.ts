import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Who made a cgroup or a folder: `<pid>-<start time>-<pid namespace>`, part of its name, so that a later process can
 * tell the leftovers of a dead one from what a living one still uses. The start time tells a reused pid apart.
 */
export type Owner = string;

const OWNER = /^(\d+)-(\d+)-(\d+)$/;

/** Field 22 of /proc/<pid>/stat, in clock ticks since boot; null when there is no such process. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command, may hold spaces and parentheses: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' ? null : (ticks ?? null);
  } catch {
    return null;
  }
}

const pidNamespace = (): string => readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');

export function currentOwner(): Owner {
  return `${process.pid}-${startTicks(process.pid)}-${pidNamespace()}`;
}

/** True only when it is certain: processes of another pid namespace (another container) cannot be judged from here. */
export function isDead(owner: Owner): boolean {
  const [, pid, ticks, namespace] = OWNER.exec(owner) ?? [];
  if (!pid || namespace !== pidNamespace()) return false;
  return startTicks(Number(pid)) !== ticks;
}

const NAME = /^assay-(\d+-\d+-\d+)-[0-9a-f]+$/;

export const cgroupName = (owner: Owner, id: string): string => `assay-${owner}-${id}`;

/** The owner in a cgroup's name, null when it is not one of ours. */
export const ownerOfCgroup = (name: string): Owner | null => NAME.exec(name)?.[1] ?? null;
