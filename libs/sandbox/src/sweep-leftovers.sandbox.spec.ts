import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Cgroup } from './cgroup/cgroup.js';
import { removeCgroup } from './cgroup/empty-cgroup.js';
import { KERNEL_CGROUP_FILES, openCgroupTree } from './cgroup/open-cgroup-tree.js';
import { cgroupName, currentOwner } from './owner.js';
import { makeOwnerFolder, sweepLeftovers } from './sweep-leftovers.js';

const LIMITS = { memoryBytes: 64 * 1024 * 1024, pids: 8, cpus: 1 };

function startIn({ procsFiles }: Cgroup): ChildProcess {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  for (const file of procsFiles) writeFileSync(file, String(child.pid));
  return child;
}

test('what a dead process left is ended and removed; what a living one has stays', async () => {
  const tree = await openCgroupTree(KERNEL_CGROUP_FILES);
  const living = currentOwner();
  // The same process id with another start time: it was used again.
  const dead = living.replace(/-\d+-/, '-1-');
  const owners = await mkdtemp(join(tmpdir(), 'assay-owners-'));
  for (const owner of [living, dead]) await makeOwnerFolder(owners, owner, tree.parents);
  const [left, kept] = [
    await tree.create(cgroupName(dead, 'abcdef'), LIMITS),
    await tree.create(cgroupName(living, 'abcdef'), LIMITS),
  ];
  const [leftProcess, keptProcess] = [startIn(left), startIn(kept)];
  const leftEnds = once(leftProcess, 'exit');

  const log: string[] = [];
  await sweepLeftovers(owners, tree.parents, (line) => log.push(line));

  expect(await leftEnds).toEqual([null, 'SIGKILL']);
  expect(left.folders.some(existsSync)).toBe(false);
  expect(log.join('\n')).toContain(cgroupName(dead, 'abcdef'));
  expect(await readdir(owners)).toEqual([living]);
  expect(kept.folders.every(existsSync)).toBe(true);
  expect(keptProcess.exitCode ?? keptProcess.signalCode).toBeNull();

  const keptEnds = once(keptProcess, 'exit');
  keptProcess.kill('SIGKILL');
  await keptEnds;
  expect(await removeCgroup(kept.folders)).toBe(true);
  await rm(owners, { recursive: true });
});
