import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The checkout. This file is compiled to a folder as deep as its own. */
export const ROOT = join(import.meta.dirname, '../../..');

/** The task that gradings are measured with, and the solution that they grade: as a path in the checkout. */
export const TASK_ID = 'crud-api';
export const SOLUTION = `content/tasks/${TASK_ID}/reference`;

/** The solution's files. */
export async function readSolution(): Promise<{ path: string; content: string }[]> {
  const folder = join(ROOT, SOLUTION);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({ path: relative(folder, path), content: await readFile(path, 'utf8') })),
  );
}
