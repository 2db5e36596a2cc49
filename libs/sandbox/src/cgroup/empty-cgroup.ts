import { existsSync, writeFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cgroup } from './cgroup.js';
import { pidsIn } from './cgroup-pids.js';

/** A killed process with much memory takes a while to go; longer than this and the kernel holds it (state D). */
const EMPTY_WITHIN_MS = 5_000;
const POLL_MS = 1;
/** As often as it goes while it takes as long as usual, a few milliseconds; then seldom. */
const POLL_CLOSELY_MS = 50;
const POLL_SELDOM_MS = 10;

/** How what runs in these folders (one cgroup) is found and ended. */
export const cgroupProcesses = (
  folders: readonly string[],
): Pick<Cgroup, 'folders' | 'follow' | 'pids' | 'kill' | 'empty' | 'remove'> => ({
  folders,
  follow: () => undefined, // it enters by itself
  pids: () => pidsIn(folders),
  kill: () => killCgroup(folders),
  empty: () => emptyCgroup(folders),
  remove: () => removeCgroup(folders),
});

/** SIGKILL to every process in `folders` (one cgroup), after making sure that no new one can be started there. */
export function killCgroup(folders: readonly string[]): void {
  for (const folder of folders) {
    writeIfPresent(join(folder, 'pids.max'), '0'); // a fork bomb would otherwise outrun us
    writeIfPresent(join(folder, 'cgroup.kill'), '1'); // v2, since Linux 5.14
  }
  for (const pid of pidsIn(folders)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended since it was listed.
    }
  }
  for (const folder of folders) {
    // A process that has used up its share of the processor would wait for the next period to die in.
    writeIfPresent(join(folder, 'cpu.cfs_quota_us'), '-1');
    writeIfPresent(join(folder, 'cpu.max'), 'max');
  }
}

/** Kills until nothing is left; false when something still is after the bound. */
export async function emptyCgroup(folders: readonly string[]): Promise<boolean> {
  return untilTrue(() => {
    if (pidsIn(folders).length === 0) return true;
    killCgroup(folders);
    return false;
  });
}

/** Removes what is empty; false when the kernel still refuses after the bound. */
export async function removeCgroup(folders: readonly string[]): Promise<boolean> {
  return untilTrue(async () => {
    await Promise.allSettled(folders.map((folder) => rmdir(folder)));
    return !folders.some(existsSync);
  });
}

/** Asks again and again; false when it is not so within the bound. */
export async function untilTrue(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const startedAt = performance.now();
  while (!(await condition())) {
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > EMPTY_WITHIN_MS) return false;
    await delay(waitedMs < POLL_CLOSELY_MS ? POLL_MS : POLL_SELDOM_MS);
  }
  return true;
}

function writeIfPresent(path: string, content: string): void {
  if (!existsSync(path)) return;
  try {
    writeFileSync(path, content);
  } catch {
    // Removed since; or a kernel that refuses: the listing of processes decides, not this.
  }
}
