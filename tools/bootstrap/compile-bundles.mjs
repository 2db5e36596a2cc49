import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runQuietly } from './run-quietly.mjs';

/**
 * Has V8 compile the bundles, once for each Node that candidates' code may run on, and writes what it made beside them: a
 * process that finds it compiles next to nothing. It is data of ours, read-only in a sandbox like the bundles themselves.
 */

/** Every Node that is installed here: our own, and those that tasks may choose. */
async function nodes(runtime) {
  const folders = (await readdir(runtime)).filter((name) => /^node\d+$/.test(name));
  const programs = folders.map((name) =>
    join(runtime, name, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'),
  );
  return [process.execPath, ...programs.filter(existsSync)];
}

/** `bundles`: the folder that lies over `<runtime>/node_modules` in a sandbox. */
export async function compileBundles(runtime, bundles) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bundles-'));
  try {
    // As a sandbox has them: a bundle asks for what is not in it from where it lies.
    for (const layer of [join(runtime, 'node_modules'), bundles])
      await cp(layer, join(folder, 'node_modules'), { recursive: true });
    for (const node of await nodes(runtime))
      await runQuietly(
        node,
        ['--no-warnings', join(import.meta.dirname, 'compile-bundles-here.cjs'), folder, bundles],
        {
          cwd: folder,
          env: { NODE_OPTIONS: '' }, // its flags would be taken for those of every process
        },
      );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
