import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '@assay/contracts';

/** Both src/ and dist/ lie one level below the package: this holds compiled and, under Jest, from the sources. */
const COMPILED = join(import.meta.dirname, '..', 'dist', 'harness');

/** Where the harness lies among the files of the checks container. */
export const HARNESS_MAIN = 'harness/main.js';

/** Among the files of `shimFiles`: what boots Node before a program's turn, and what runs a module. */
export const WARM_START = 'warm-start.js';
/** Where what speaks to a live server lies among the same files. */
export const CONSOLE_MAIN = 'harness/console-main.js';

/** What runs a module in its own container, among the files of `shimFiles`. */
export const SHIM_MAIN = 'remote-shim.js';
/** All that they import begins like them; nothing of a check does. */
const SHIM_PREFIX = /^(?:warm|remote)-/;

let cached: Promise<SourceFile[]> | undefined;

async function readCompiled(): Promise<SourceFile[]> {
  const names = await readdir(COMPILED, { recursive: true }).catch(() => []);
  const programs = names.filter((name) => name.endsWith('.js'));
  if (!programs.includes('main.js')) {
    throw new Error(`the check harness is not built: ${COMPILED} is missing; run "node tools/build.mjs"`);
  }
  const files = programs.map(async (path) => ({
    path,
    content: await readFile(join(COMPILED, path), 'utf8'),
  }));
  return [{ path: 'package.json', content: '{"type":"module"}\n' }, ...(await Promise.all(files))];
}

function compiled(): Promise<SourceFile[]> {
  cached ??= readCompiled().catch((error: unknown) => {
    cached = undefined;
    throw error;
  });
  return cached;
}

/**
 * The compiled harness as files for `pod.addFiles`: copied, because the checkout may be readable by root only.
 * Rejects when the build has not run.
 */
export async function harnessFiles(): Promise<SourceFile[]> {
  return (await compiled()).map(({ path, content }) => ({ path: `harness/${path}`, content }));
}

/** The part of it that the candidate's container holds, and may read. */
export async function shimFiles(): Promise<SourceFile[]> {
  return (await compiled()).filter(({ path }) => path === 'package.json' || SHIM_PREFIX.test(path));
}
