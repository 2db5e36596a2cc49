import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RootName } from '../engine.js';
import type { RuntimeRoot } from '../walls/wall.js';
import { nodeOfMajor, ownNode } from './node-program.js';
import { buildPostgresRoot } from './postgres-root.js';
import { buildRedisRoot } from './redis-root.js';
import type { RootBuilder, RootSource } from './root-builder.js';
import { buildRuntimeRoot } from './runtime-root.js';

/** A root by its name, built when it is first asked for. Rejects with `SandboxError`; the next asking tries again. */
export type Roots = (name: RootName) => Promise<RuntimeRoot>;

const BUILDERS: Readonly<Record<RootName, RootBuilder>> = {
  node: async (source) => buildRuntimeRoot(source, ownNode()),
  node20: async (source) => buildRuntimeRoot(source, await nodeOfMajor(20, source.runtimePackages)),
  node22: async (source) => buildRuntimeRoot(source, await nodeOfMajor(22, source.runtimePackages)),
  node24: async (source) => buildRuntimeRoot(source, await nodeOfMajor(24, source.runtimePackages)),
  postgres: buildPostgresRoot,
  redis: buildRedisRoot,
};

/** `buildingFolder`: every root is built in a folder of its own below it. */
export type RootSources = Omit<RootSource, 'building'> & { buildingFolder: string };

export function createRoots({ buildingFolder, ...sources }: RootSources): Roots {
  const made = new Map<RootName, Promise<RuntimeRoot>>();
  return (name) => {
    const root =
      made.get(name) ??
      BUILDERS[name]({ ...sources, building: join(buildingFolder, name) })
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
