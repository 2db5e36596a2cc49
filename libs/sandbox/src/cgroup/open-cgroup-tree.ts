import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupFiles, CgroupTree } from './cgroup.js';
import { openCgroupV1 } from './cgroup-v1.js';
import { openCgroupV2 } from './cgroup-v2.js';

export const KERNEL_CGROUP_FILES: CgroupFiles = { root: '/sys/fs/cgroup', self: '/proc/self/cgroup' };

/** The limits of this machine, below this process's own cgroup. Rejects with a reason when there are none. */
export async function openCgroupTree(files: CgroupFiles): Promise<CgroupTree> {
  // Present only at the top of a tree that is v2 throughout; beside v1 hierarchies v2 has its own folder.
  const isUnified = existsSync(join(files.root, 'cgroup.controllers'));
  return isUnified ? await openCgroupV2(files) : await openCgroupV1(files);
}
