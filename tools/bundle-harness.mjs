import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Below libs/grading/dist: what `bundleHarness` writes. */
export const IN_SANDBOX = 'in-sandbox';

/** The programs of the check harness, each of which a process or a thread begins with; and what imports may not join. */
const PROGRAMS = {
  checks: ['main', 'check-thread', 'console-main'],
  candidate: ['warm-start', 'warm-turn', 'remote-shim'],
};

/**
 * Makes one file of each program of the compiled harness. They are started for every check, and each module that is a file
 * of its own takes Node half a millisecond of CPU. `folder`: libs/grading.
 */
export async function bundleHarness(folder, hasChanged) {
  const from = join(folder, 'dist', 'harness');
  const to = join(folder, 'dist', IN_SANDBOX);
  for (const [part, names] of Object.entries(PROGRAMS)) {
    if (!hasChanged && names.every((name) => existsSync(join(to, part, `${name}.js`)))) continue;
    await build({
      entryPoints: names.map((name) => join(from, `${name}.js`)),
      outdir: join(to, part),
      bundle: true,
      platform: 'node',
      format: 'esm',
      // The packages lie in the sandbox; warm-turn is not to be loaded before warm-start has done its work.
      external: ['pg', 'ioredis', './warm-turn.js'],
      logLevel: 'warning',
    });
  }
}
