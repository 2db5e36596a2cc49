import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const original = join(import.meta.dirname, '..', '..');

/** Links every installed package into a folder of its own, but our workspaces, which must be the copy's. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    // A scope is a folder of packages; @assay's are relative links to the workspaces and stay relative.
    if (name === '@assay')
      await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    else await symlink(join(from, name), join(to, name));
  }
}

/**
 * Copies what belongs to this repository, without what is built, to a folder that only its owner may enter and whose
 * path holds a space. Resolves to the copy's path.
 */
export async function copyCheckout(): Promise<string> {
  // mkdtemp makes the folder with mode 0700.
  const copy = join(await mkdtemp(join(tmpdir(), 'assay start-')), 'check out');
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: original,
  });
  const files = listed
    .toString()
    .split('\0')
    // Not what was deleted and is still in the index.
    .filter((file) => file !== '' && existsSync(join(original, file)));
  for (const folder of new Set(files.map(dirname))) await mkdir(join(copy, folder), { recursive: true });
  await Promise.all(files.map((file) => cp(join(original, file), join(copy, file))));
  await linkPackages(join(original, 'node_modules'), join(copy, 'node_modules'));
  const runtime = join('content', 'runtime', 'node_modules');
  if (existsSync(join(original, runtime))) await symlink(join(original, runtime), join(copy, runtime));
  return copy;
}

/** Removes the copy and the folder that was made for it. */
export const removeCheckout = (copy: string) => rm(dirname(copy), { recursive: true, force: true });
