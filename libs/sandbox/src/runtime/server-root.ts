import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { SandboxError } from '../engine.js';
import { TOOL_FOLDERS } from '../host-tools.js';
import { makePassage } from '../traversable-folder.js';
import { ETC_FILES } from './etc-files.js';
import type { RootSource } from './root-builder.js';
import { copyHostFile, openToReaders } from './runtime-root.js';
import { sharedLibraries } from './shared-libraries.js';

/** What a root of a server of ours holds besides sh and five files in /etc. */
export interface ServerContent {
  /** Begins the folder's name. */
  name: string;
  /** Path inside the root → file on the host; the libraries that programs need come by themselves. */
  programs: ReadonlyMap<string, string>;
  /** Below this folder of the host lie libraries that `complete` brings. */
  bundledLibraries?: string;
  /** Changes with whatever `complete` makes. */
  version: string;
  /** Adds what is no program; the folder is still being built. */
  complete?(building: string): Promise<void>;
}

/** Builds such a root once for its content, as `buildRuntimeRoot` does. */
export async function buildServerRoot(
  { tools, folder, building }: RootSource,
  content: ServerContent,
): Promise<string> {
  const copies = new Map([['usr/bin/sh', await realpath(tools.sh)], ...content.programs]);
  for (const program of [...copies.values()])
    for (const library of (await sharedLibraries(tools.ldd, program)).map((path) => normalize(path)))
      if (!content.bundledLibraries || !library.startsWith(content.bundledLibraries))
        copies.set(library.slice(1), library);
  const root = join(folder, `${content.name}-${await contentKey(copies, content.version)}`);
  if (existsSync(root)) return root;
  try {
    await makePassage(building);
    for (const [target, from] of copies) await copyHostFile(from, join(building, target));
    await symlink('usr/bin', join(building, 'bin'));
    await mkdir(join(building, 'etc'), { mode: 0o755 });
    for (const [name, text] of Object.entries(ETC_FILES))
      await writeFile(join(building, 'etc', name), text, { mode: 0o644 });
    await content.complete?.(building);
    await openToReaders(building);
    await rename(building, root);
  } catch (cause) {
    await rm(building, { recursive: true, force: true });
    if (existsSync(root)) return root; // another process was quicker
    throw new SandboxError(`the root of ${content.name} cannot be made: ${String(cause)}`, { cause });
  }
  return root;
}

async function contentKey(copies: ReadonlyMap<string, string>, version: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([version, process.arch, ETC_FILES]));
  for (const [target, from] of copies) {
    const { size, mtimeMs } = await stat(from);
    hash.update(JSON.stringify([target, size, mtimeMs]));
  }
  return hash.digest('hex').slice(0, 24);
}

/** Copies a folder; links become what they lead to. */
export async function copyFollowingLinks(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, dereference: true });
}

/** A program of the host's, wherever its distribution puts it. */
export async function hostProgram(name: string, debianPackage: string): Promise<string> {
  const path = TOOL_FOLDERS.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (!path) throw new SandboxError(`${name} is not installed: apt-get install ${debianPackage}`);
  return realpath(path);
}
