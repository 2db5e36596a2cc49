import { existsSync } from 'node:fs';
import { cp, lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { SandboxError } from '../engine.js';

/** What tools/bootstrap/bundle-packages.mjs made of the packages, to be laid over them; may be absent. */
const bundlesOf = (runtimePackages: string) => join(dirname(runtimePackages), 'bundles');
const STAMP = 'stamp.json';

/** Changes when what `copyPackages` copies does. */
export async function packagesKey(runtimePackages: string): Promise<string> {
  const stamp = join(bundlesOf(runtimePackages), STAMP);
  return (await packageLock(runtimePackages)) + (existsSync(stamp) ? await readFile(stamp, 'utf8') : '');
}

async function packageLock(runtimePackages: string): Promise<string> {
  const lock = [
    join(dirname(runtimePackages), 'package-lock.json'),
    join(runtimePackages, '.package-lock.json'),
  ].find((path) => existsSync(path));
  if (!lock)
    throw new SandboxError(
      `there is no package-lock.json beside or in ${runtimePackages}: run npm ci in ${dirname(runtimePackages)}`,
    );
  return readFile(lock, 'utf8');
}

/**
 * Copies the packages, and their bundles over them. Symbolic links (.bin, workspaces) are left out: none is needed to
 * require a package, and they could point outside.
 */
export async function copyPackages(runtimePackages: string, to: string): Promise<void> {
  const isWanted = async (path: string) =>
    !(await lstat(path)).isSymbolicLink() && !path.endsWith(`${sep}.bin`) && !path.endsWith(STAMP);
  await cp(await realpath(runtimePackages), to, { recursive: true, filter: isWanted });
  const bundles = bundlesOf(runtimePackages);
  if (existsSync(bundles)) await cp(bundles, to, { recursive: true, filter: isWanted });
}
