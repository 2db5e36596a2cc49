import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '@assay/contracts';

/** Both src/ and dist/ lie one level below the package: this holds compiled and, under Jest, from the sources. */
const PROGRAMS = join(import.meta.dirname, '..', 'dist', 'in-sandbox');

/** Where the harness lies among the files of the checks container. */
export const HARNESS_MAIN = 'harness/main.js';

/** Among the files of `shimFiles`: what boots Node before a program's turn, and what runs a module. */
export const WARM_START = 'warm-start.js';
/** Where what speaks to a live server lies among the same files. */
export const CONSOLE_MAIN = 'harness/console-main.js';

/** What runs a module in its own container, among the files of `shimFiles`. */
export const SHIM_MAIN = 'remote-shim.js';
/** The parties that a program of the harness may lie with: no file of one is ever given to the other. */
type HarnessPart = 'checks' | 'candidate';

const cached = new Map<HarnessPart, Promise<SourceFile[]>>();

async function readPrograms(part: HarnessPart): Promise<SourceFile[]> {
  const folder = join(PROGRAMS, part);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.js'));
  if (names.length === 0) {
    throw new Error(`the check harness is not built: ${folder} is missing; run "node tools/build.mjs"`);
  }
  const files = names.map(async (path) => ({ path, content: await readFile(join(folder, path), 'utf8') }));
  return [{ path: 'package.json', content: '{"type":"module"}\n' }, ...(await Promise.all(files))];
}

function programs(part: HarnessPart): Promise<SourceFile[]> {
  const reading =
    cached.get(part) ??
    readPrograms(part).catch((error: unknown) => {
      cached.delete(part);
      throw error;
    });
  cached.set(part, reading);
  return reading;
}

/**
 * The programs of the harness as files for `pod.addFiles`: copied, because the checkout may be readable by root only.
 * Rejects when the build has not run.
 */
export async function harnessFiles(): Promise<SourceFile[]> {
  return (await programs('checks')).map(({ path, content }) => ({ path: `harness/${path}`, content }));
}

/** Those that the candidate's container holds, and may read. */
export function shimFiles(): Promise<SourceFile[]> {
  return programs('candidate');
}
