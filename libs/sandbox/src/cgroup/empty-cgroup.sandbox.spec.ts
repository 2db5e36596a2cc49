import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cgroupName, currentOwner } from '../owner.js';
import { emptyCgroup, removeCgroup } from './empty-cgroup.js';
import { KERNEL_CGROUP_FILES, openCgroupTree } from './open-cgroup-tree.js';

/** Joins the cgroup, then spins and forks without end (a shell that may not fork ends by itself); no namespace, no bwrap: only the cgroup can tell what belongs to it. */
const FORK_BOMB = `
for file in "$@"; do echo $$ > "$file"; done
trap '' TERM HUP
for i in 1 2 3; do (while :; do :; done) & done
echo joined
bomb() { while :; do bomb & done; }
bomb 2>/dev/null`;

describe('emptying a cgroup', () => {
  it('ends a fork bomb by the cgroup alone, and removes the folders', async () => {
    const tree = await openCgroupTree(KERNEL_CGROUP_FILES);
    const limits = { memoryBytes: 2 ** 26, pids: 40, cpus: 0.5 };
    const cgroup = await tree.create(cgroupName(currentOwner(), 'b0'), limits);
    const bomb = spawn('/bin/sh', ['-c', FORK_BOMB, 'bomb', ...cgroup.procsFiles], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {},
    });
    const closed = once(bomb, 'close'); // stdout is shared by all of them
    await once(bomb.stdout, 'data');
    expect(await emptyCgroup(cgroup.folders)).toBe(true);
    await closed;
    expect(await removeCgroup(cgroup.folders)).toBe(true);
    expect(cgroup.folders.filter(existsSync)).toEqual([]);
  }, 10_000);
});
