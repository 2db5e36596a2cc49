import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { waitFor } from '@assay/testing';
import { expect, test } from '@jest/globals';
import { KERNEL_CGROUP_FILES, openCgroupTree } from './cgroup/open-cgroup-tree.js';
import { startDeathWatch } from './death-watch.js';
import { findHostTools, TOOL_FOLDERS } from './host-tools.js';
import { cgroupName } from './owner.js';

const LIMITS = { memoryBytes: 64 * 1024 * 1024, pids: 8, cpus: 1 };

/** A process in a cgroup, without any tie to its parent. */
function startIn(procsFiles: readonly string[]) {
  const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  for (const file of procsFiles) writeFileSync(file, String(child.pid));
  return { child, exited: once(child, 'exit') };
}

test('what is left in the cgroups of a dead process is killed, and nothing else', async () => {
  const tools = findHostTools(TOOL_FOLDERS, []);
  const tree = await openCgroupTree(KERNEL_CGROUP_FILES);
  const [dying, living] = ['1-1-1', '1-2-1'];
  const ours = await tree.create(cgroupName(dying, 'abcdef'), LIMITS);
  const others = await tree.create(cgroupName(living, 'abcdef'), LIMITS);
  const [left, foreign] = [startIn(ours.procsFiles), startIn(others.procsFiles)];

  // Closing its stdin is what the kernel does for a process that dies.
  startDeathWatch(tools as NonNullable<typeof tools>, dying, tree.parents).lifeline.end();

  expect(await left.exited).toEqual([null, 'SIGKILL']);
  await waitFor('its cgroup to be gone', () => !ours.folders.some(existsSync));
  expect(foreign.child.exitCode ?? foreign.child.signalCode).toBeNull();

  startDeathWatch(tools as NonNullable<typeof tools>, living, tree.parents).lifeline.end();
  await foreign.exited;
  await waitFor('the other cgroup to be gone', () => !others.folders.some(existsSync));
});
