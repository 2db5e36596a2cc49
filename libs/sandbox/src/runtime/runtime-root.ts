import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SandboxError } from '../engine.js';
import type { HostTools } from '../host-tools.js';
import { makePassage } from '../traversable-folder.js';
import { ETC_FILES } from './etc-files.js';
import type { NodeProgram } from './node-program.js';
import type { RootSource } from './root-builder.js';
import { copyPackages, packagesKey } from './runtime-packages.js';
import { sharedLibraries } from './shared-libraries.js';

/** Changes when the layout below does. */
const LAYOUT = 1;

/**
 * The root that candidates' code sees, copied from this host: `node`, sh, their libraries, five files in /etc and the runtime
 * packages; no setuid program, compiler or certificate. Returns its folder, complete: processes that build the same
 * one at the same time each build apart, and the first rename wins.
 */
export async function buildRuntimeRoot(source: RootSource, node: NodeProgram): Promise<string> {
  const copies = await hostFiles(source.tools, node);
  const root = join(source.folder, await contentKey(copies, node, source.runtimePackages));
  if (existsSync(root)) return root;

  const building = await makePassage(source.building);
  try {
    for (const [target, from] of copies) await copyHostFile(from, join(building, target));
    await symlink('usr/bin', join(building, 'bin'));
    await mkdir(join(building, 'etc'), { mode: 0o755 });
    for (const [name, content] of Object.entries(ETC_FILES))
      await writeFile(join(building, 'etc', name), content, { mode: 0o644 });
    await copyPackages(source.runtimePackages, join(building, 'node_modules'));
    await openToReaders(building);
    await rename(building, root);
  } catch (cause) {
    await rm(building, { recursive: true, force: true });
    if (existsSync(root)) return root; // another process was quicker
    throw new SandboxError(`the sandbox's runtime cannot be made: ${String(cause)}`, { cause });
  }
  return root;
}

/** Path inside the root → file on the host. */
async function hostFiles(tools: HostTools, node: NodeProgram): Promise<Map<string, string>> {
  const programs = new Map([
    ['usr/bin/node', node.path],
    ['usr/bin/sh', await realpath(tools.sh)],
  ]);
  const files = new Map(programs);
  for (const program of programs.values()) {
    for (const library of await sharedLibraries(tools.ldd, program)) files.set(library.slice(1), library);
  }
  return files;
}

/** Changes when node, a library (a security update of libc) or the packages do. */
async function contentKey(
  copies: Map<string, string>,
  node: NodeProgram,
  runtimePackages: string,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([LAYOUT, node.version, process.arch, ETC_FILES]));
  for (const [target, from] of copies) {
    const { size, mtimeMs } = await stat(from);
    hash.update(JSON.stringify([target, size, mtimeMs]));
  }
  hash.update(await packagesKey(runtimePackages));
  return `runtime-${hash.digest('hex').slice(0, 24)}`;
}

/** Executable by everybody. */
export async function copyHostFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, 0o755);
}

/** Readable by every uid whatever the umask was, and nothing setuid. */
export async function openToReaders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      await chmod(path, 0o755);
      await openToReaders(path);
    } else if (entry.isFile()) {
      const isExecutable = ((await stat(path)).mode & 0o100) !== 0;
      await chmod(path, isExecutable ? 0o755 : 0o644);
    }
  }
}
