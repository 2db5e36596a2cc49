import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The processes in `folders` (one cgroup, which in v1 has a folder per controller), each once; none when it is gone. */
export function pidsIn(folders: readonly string[]): number[] {
  const pids = folders.flatMap((folder) =>
    readIfPresent(join(folder, 'cgroup.procs'))
      .split('\n')
      .map(Number)
      // 0 stands for a process of a pid namespace that we cannot see; kill(0) would be ourselves.
      .filter((pid) => pid > 1),
  );
  return [...new Set(pids)];
}

function readIfPresent(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // ENODEV: removed between opening and reading.
    if (['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''; // fs errors carry a code
    throw error;
  }
}
