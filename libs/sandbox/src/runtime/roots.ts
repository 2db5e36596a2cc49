import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RootName } from '../engine.js';
import type { HostTools } from '../host-tools.js';
import type { RuntimeRoot } from '../walls/wall.js';
import { buildRuntimeRoot } from './runtime-root.js';

/** A root by its name, built when it is first asked for. Rejects with `SandboxError`; the next asking tries again. */
export type Roots = (name: RootName) => Promise<RuntimeRoot>;

export interface RootSources {
  tools: HostTools;
  /** Below it, one folder per content; traversable by the sandboxes. */
  folder: string;
  /** A node_modules folder. */
  runtimePackages: string;
  /** Where to build, on the same file system; swept when this process dies half-way. */
  buildingFolder: string;
}

export function createRoots({ tools, folder, runtimePackages, buildingFolder }: RootSources): Roots {
  const made = new Map<RootName, Promise<RuntimeRoot>>();
  return (name) => {
    const root =
      made.get(name) ??
      buildRuntimeRoot({ tools, folder, runtimePackages, building: join(buildingFolder, name) })
        .then(describeRoot)
        .catch((error: unknown) => {
          made.delete(name);
          throw error;
        });
    made.set(name, root);
    return root;
  };
}

async function describeRoot(path: string): Promise<RuntimeRoot> {
  const entries = await readdir(path, { withFileTypes: true });
  const links = entries.filter((entry) => entry.isSymbolicLink());
  return {
    path,
    folders: entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
    links: Object.fromEntries(
      await Promise.all(links.map(async ({ name }) => [name, await readlink(join(path, name))] as const)),
    ),
  };
}
