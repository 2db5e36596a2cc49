import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyCgroup, removeCgroup } from './cgroup/empty-cgroup.js';
import type { Log } from './log.js';
import { isDead, type Owner, ownerOfCgroup } from './owner.js';
import { makePassage } from './traversable-folder.js';

const PARENTS_FILE = 'cgroup-parents.json';

/** The folder of one process below `owners`; it names where its cgroups are, for whoever has to clean up after it. */
export async function makeOwnerFolder(
  owners: string,
  owner: Owner,
  parents: readonly string[],
): Promise<string> {
  const folder = await makePassage(owners, owner);
  await writeFile(join(folder, PARENTS_FILE), JSON.stringify(parents), { mode: 0o600 });
  return folder;
}

/**
 * Ends what processes left behind that died without closing their engine: their sandboxes have died with them
 * (--die-with-parent), their cgroups and folders have not. Never touches what a living process owns.
 */
export async function sweepLeftovers(owners: string, parents: readonly string[], log: Log): Promise<void> {
  const dead = (await readdir(owners)).filter(isDead);
  const recorded = await Promise.all(dead.map((owner) => readParents(join(owners, owner))));
  for (const parent of new Set([...parents, ...recorded.flat()])) await sweepCgroups(parent, log);
  for (const owner of dead) {
    await rm(join(owners, owner), { recursive: true, force: true });
    log(`removed the sandbox folders of the dead process ${owner}`);
  }
}

async function readParents(folder: string): Promise<string[]> {
  try {
    // Written by makeOwnerFolder in a folder that only root can write to.
    return JSON.parse(await readFile(join(folder, PARENTS_FILE), 'utf8')) as string[];
  } catch {
    return []; // its process died before it was written, or another one is sweeping too
  }
}

async function sweepCgroups(parent: string, log: Log): Promise<void> {
  if (!existsSync(parent)) return;
  for (const name of await readdir(parent)) {
    const owner = ownerOfCgroup(name);
    if (!owner || !isDead(owner)) continue;
    const folders = [join(parent, name)];
    const isGone = (await emptyCgroup(folders)) && (await removeCgroup(folders));
    log(
      isGone
        ? `removed the leftover cgroup ${folders[0]}`
        : `the leftover cgroup ${folders[0]} cannot be emptied`,
    );
  }
}
