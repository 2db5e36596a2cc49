import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What a check gets as `solution`: what was handed in, as data. */
export interface SolutionFiles {
  /** Relative to the solution's folder, sorted. */
  paths: readonly string[];
  /** The text of a file; null when there is none of that path. */
  read(path: string): string | null;
}

/** The files below a folder that holds nothing but regular files, as the worker wrote it. */
export function solutionFiles(folder: string): SolutionFiles {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  return {
    paths,
    read: (path) => (paths.includes(path) ? readFileSync(join(folder, path), 'utf8') : null),
  };
}
