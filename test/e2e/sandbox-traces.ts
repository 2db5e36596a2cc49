import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Processes that run in a sandbox of the worker with this pid: the engine names its cgroups after it. */
export async function sandboxProcessesOf(workerPid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const cgroups = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, i) => cgroups[i]?.includes(`/assay-${workerPid}-`)).map(Number);
}

/** Folders that the worker with this pid has made for its sandboxes. */
export async function sandboxFoldersOf(home: string, workerPid: number): Promise<string[]> {
  const owners = await readdir(join(home, 'sandbox', 'owners'));
  return owners.filter((owner) => owner.startsWith(`${workerPid}-`));
}
