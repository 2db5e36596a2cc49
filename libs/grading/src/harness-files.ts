import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '@assay/contracts';

/** Both src/ and dist/ lie one level below the package: this holds compiled and, under Jest, from the sources. */
const COMPILED = join(import.meta.dirname, '..', 'dist', 'harness');

/** Where the harness lies among the files of the checks container. */
export const HARNESS_MAIN = 'harness/main.js';

let cached: Promise<SourceFile[]> | undefined;

async function readCompiled(): Promise<SourceFile[]> {
  const names = await readdir(COMPILED).catch(() => []);
  const programs = names.filter((name) => name.endsWith('.js'));
  if (!programs.includes('main.js')) {
    throw new Error(`the check harness is not built: ${COMPILED} is missing; run "node tools/build.mjs"`);
  }
  const files = programs.map(async (name) => ({
    path: `harness/${name}`,
    content: await readFile(join(COMPILED, name), 'utf8'),
  }));
  return [{ path: 'harness/package.json', content: '{"type":"module"}\n' }, ...(await Promise.all(files))];
}

/**
 * The compiled harness as files for `pod.addFiles`: copied, because the checkout may be readable by root only.
 * Rejects when the build has not run.
 */
export function harnessFiles(): Promise<SourceFile[]> {
  cached ??= readCompiled().catch((error: unknown) => {
    cached = undefined;
    throw error;
  });
  return cached;
}
