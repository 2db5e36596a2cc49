import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '@assay/contracts';

/** Both src/ and dist/ lie two levels above: this holds compiled and, under Jest, from the sources. */
const COMPILED = join(import.meta.dirname, '../../dist');
const PROGRAMS = 'sidecars/programs';

let cached: Promise<SourceFile[]> | undefined;

async function readCompiled(): Promise<SourceFile[]> {
  const names = await readdir(join(COMPILED, PROGRAMS));
  const paths = [
    'harness/sidecar-access.js',
    ...names.filter((name) => name.endsWith('.js')).map((name) => `${PROGRAMS}/${name}`),
  ];
  const files = paths.map(async (path) => ({ path, content: await readFile(join(COMPILED, path), 'utf8') }));
  return [{ path: 'package.json', content: '{"type":"module"}\n' }, ...(await Promise.all(files))];
}

/** The compiled programs of sidecars that are ours, and the secret that only checks share with them. Rejects when the build has not run. */
export async function programFiles(secret: string): Promise<SourceFile[]> {
  cached ??= readCompiled().catch((error: unknown) => {
    cached = undefined;
    throw error;
  });
  return [...(await cached), { path: `${PROGRAMS}/secret`, content: secret }];
}

/** Where a program lies below the folder of `programFiles`. */
export const programPath = (name: string): string => `${PROGRAMS}/${name}.js`;
