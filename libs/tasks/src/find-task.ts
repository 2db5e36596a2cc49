import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadManifest, MANIFEST_FILE } from './load-manifest.js';

/** No task answers to this name; `known` lists those that do. */
export class TaskUnknown extends Error {
  override name = 'TaskUnknown';
  constructor(
    readonly wanted: string,
    readonly known: readonly string[],
  ) {
    const list = known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`;
    super(`no task is called ${wanted}: ${list}`);
  }
}

/** The ids of all tasks below `contentFolder`/tasks, sorted. */
export async function listTaskIds(contentFolder: string): Promise<string[]> {
  const names = await readdir(join(contentFolder, 'tasks')).catch(() => []);
  return names.filter((name) => existsSync(join(contentFolder, 'tasks', name, MANIFEST_FILE))).sort();
}

/**
 * The folder of a task, by its id (`crud-api`), its code (`T02`, any case) or a path to its folder.
 * `contentFolder` is the repository's `content/`. Throws `TaskUnknown`. Does not check that the task is valid.
 */
export async function findTask(contentFolder: string, idOrCodeOrFolder: string): Promise<string> {
  const ids = await listTaskIds(contentFolder);
  if (ids.includes(idOrCodeOrFolder)) return resolve(contentFolder, 'tasks', idOrCodeOrFolder);
  if (existsSync(join(idOrCodeOrFolder, MANIFEST_FILE))) return resolve(idOrCodeOrFolder);
  for (const id of ids) {
    const folder = resolve(contentFolder, 'tasks', id);
    const { manifest } = await loadManifest(folder);
    if (manifest?.code.toLowerCase() === idOrCodeOrFolder.toLowerCase()) return folder;
  }
  throw new TaskUnknown(idOrCodeOrFolder, ids);
}
