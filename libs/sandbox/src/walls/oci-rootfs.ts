import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Launch, RuntimeRoot } from './wall.js';

const OWN_TARGETS = ['/proc', '/dev', '/tmp'];
const STICKY_FOR_ALL = 0o1777;

/** Gives the path of a container's `root`: nothing but links and empty folders to mount on, for all with the same mounts. */
export function createRootfs(folder: string): (launch: Launch) => Promise<string> {
  const made = new Map<string, Promise<string>>();
  let next = 0;
  return ({ root, spec }) => {
    const targets = Object.keys(spec.mounts).sort();
    const key = JSON.stringify([root.path, targets]);
    const rootfs =
      made.get(key) ??
      makeRootfs(join(folder, String(next++)), root, targets).catch((error: unknown) => {
        made.delete(key);
        throw error;
      });
    made.set(key, rootfs);
    return rootfs;
  };
}

async function makeRootfs(rootfs: string, root: RuntimeRoot, targets: readonly string[]): Promise<string> {
  for (const target of [...OWN_TARGETS, ...root.folders, ...targets])
    await mkdir(join(rootfs, target), { recursive: true });
  // runc gives its tmpfs the mode of the folder below.
  await chmod(join(rootfs, 'tmp'), STICKY_FOR_ALL);
  for (const [name, target] of Object.entries(root.links)) await symlink(target, join(rootfs, name));
  return rootfs;
}
