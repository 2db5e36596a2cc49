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

/** Of those, the programs that speak to a live run's server: they go with its pod. Others wait for the next grading. */
export async function liveConsolesOf(workerPid: number): Promise<number[]> {
  const pids = await sandboxProcessesOf(workerPid);
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, i) => commands[i]?.includes('console-main.js'));
}

/** Folders that the worker with this pid has made for its sandboxes. */
export async function sandboxFoldersOf(home: string, workerPid: number): Promise<string[]> {
  const owners = await readdir(join(home, 'sandbox', 'owners'));
  return owners.filter((owner) => owner.startsWith(`${workerPid}-`));
}
