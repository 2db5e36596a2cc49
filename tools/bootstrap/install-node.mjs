import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inCheckout } from './checkout.mjs';
import { compileBundles, nodeProgram } from './compile-bundles.mjs';
import { withLock } from './file-lock.mjs';
import { installIn, isInstalled } from './install-packages.mjs';
import { reportAndFail } from './plain-error.mjs';
import { say } from './progress.mjs';

/**
 * `node tools/bootstrap/install-node.mjs 22 24`: installs the Nodes of those major versions that tasks may run on, as
 * npm packages, in `content/runtime/node<major>/`. Commands that grade or publish a task do so by themselves.
 */

/**
 * Installs the Node of a major version unless it is there, with a progress line on stderr. A major version that we run on
 * ourselves needs nothing. Resolves to its version, e.g. `v22.23.3`.
 */
export async function installNode(major) {
  if (process.version.startsWith(`v${major}.`)) return process.version;
  const runtime = inCheckout('content', 'runtime');
  const folder = join(runtime, `node${major}`);
  const program = nodeProgram(runtime, major);
  const { optionalDependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const name = `node-linux-${process.arch}`;
  const isThere = async () => existsSync(program) && (await isInstalled(folder));
  await withLock(
    inCheckout('.assay', `node${major}.lock`),
    () => say(`… waiting for another command that installs Node ${major}`),
    async () => {
      if (await isThere()) return;
      await installIn(folder, `Node ${major} (npm's ${name}, some 100 MB)`);
      if (!(await isThere())) throw new Error(`npm has no ${name}: Node ${major} cannot be had here`);
      const bundles = join(runtime, 'bundles');
      if (existsSync(bundles)) await compileBundles(runtime, bundles, [program]);
    },
  );
  return `v${optionalDependencies[name]}`;
}

if (process.argv[1] === import.meta.filename) {
  for (const major of process.argv.slice(2)) await installNode(Number(major)).catch(reportAndFail);
}
