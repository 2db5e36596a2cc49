import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runQuietly } from './run-quietly.mjs';

/**
 * Has V8 compile the bundles, once for each Node that candidates' code may run on, and writes what it made beside them: a
 * process that finds it compiles next to nothing. It is data of ours, read-only in a sandbox like the bundles themselves.
 */

export const nodeProgram = (runtime, major) =>
  join(runtime, `node${major}`, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');

/** Our own, and those that tasks may choose and that are installed here. */
async function installedNodes(runtime) {
  const majors = (await readdir(runtime)).map((name) => /^node(\d+)$/.exec(name)?.[1]);
  const chosen = majors.filter(Boolean).map((major) => nodeProgram(runtime, major));
  return [process.execPath, ...chosen.filter(existsSync)];
}

/** `bundles`: the folder that lies over `<runtime>/node_modules` in a sandbox. `nodes`: every one if not said. */
export async function compileBundles(runtime, bundles, nodes) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bundles-'));
  try {
    // As a sandbox has them: a bundle asks for what is not in it from where it lies.
    for (const layer of [join(runtime, 'node_modules'), bundles])
      await cp(await realpath(layer), join(folder, 'node_modules'), { recursive: true });
    for (const node of nodes ?? (await installedNodes(runtime)))
      await runQuietly(
        node,
        ['--no-warnings', join(import.meta.dirname, 'compile-bundles-here.cjs'), folder, bundles],
        {
          cwd: folder,
          // Flags would be taken for those of every process, and a proxy for a way to our own loopback.
          env: { NODE_OPTIONS: '', NODE_USE_ENV_PROXY: '' },
        },
      );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
