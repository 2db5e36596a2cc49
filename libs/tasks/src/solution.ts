import { lstat } from 'node:fs/promises';
import type { SourceFile } from '@assay/contracts';
import { type FolderRule, type Refusal, readSourceFolder } from './source-folder.js';

/** What a solution may hold; the same for a submission. */
export const SOLUTION_CAPS = { fileBytes: 1024 * 1024, files: 200, totalBytes: 1024 * 1024 } as const;

/** Packages are vendored and history is nobody's business: neither is part of a solution. */
const skipForeign: FolderRule = (name) => (name === 'node_modules' || name === '.git' ? 'skip' : 'read');

/** A folder cannot be taken as a solution; `refusals` lists everything found. */
export class SolutionRefused extends Error {
  override name = 'SolutionRefused';
  constructor(
    readonly folder: string,
    readonly refusals: readonly Refusal[],
  ) {
    const lines = refusals.map(({ path, message }) => `  ${path === '' ? 'the folder' : path} ${message}`);
    super(`${folder} cannot be taken as a solution:\n${lines.join('\n')}`);
  }
}

/**
 * A solution's files for the command line, sorted by path, without node_modules and .git.
 * Throws `SolutionRefused` for links, fifos, binary files and anything over SOLUTION_CAPS.
 */
export async function readSolution(folder: string): Promise<SourceFile[]> {
  const entry = await lstat(folder).catch(() => null);
  if (!entry?.isDirectory())
    throw new SolutionRefused(folder, [{ path: '', message: 'does not exist or is not a folder' }]);
  const { files, refusals } = await readSourceFolder(folder, skipForeign, SOLUTION_CAPS);
  if (refusals.length > 0) throw new SolutionRefused(folder, refusals);
  if (files.length === 0) throw new SolutionRefused(folder, [{ path: '', message: 'holds no files' }]);
  return files;
}
