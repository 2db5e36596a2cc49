import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlainError } from './plain-error.mjs';
import { step } from './progress.mjs';
import { run, runQuietly } from './run-quietly.mjs';

/** What Assay runs that npm cannot bring, by the Debian package it comes in. */
const systemTools = {
  'redis-server': ['redis-server'],
  bubblewrap: ['bwrap'],
  'util-linux': ['setpriv', 'taskset', 'nsenter', 'unshare'],
  chromium: ['chromium'],
};

const isRoot = process.getuid() === 0;

/** Whether a program is on the PATH, or where Debian puts what only root used to need. */
function hasProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A package list may be missing (containers) or stale: it is fetched only when installing fails without. */
async function aptInstall(packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '--no-install-recommends', ...packages];
  const first = await run('apt-get', install, { env });
  if (first.code === 0) return;
  await runQuietly('apt-get', ['update'], { env });
  await runQuietly('apt-get', install, { env });
}

/**
 * Installs the Debian packages whose programs are missing. Without root, or without apt, it ends the command with the
 * one line to type. `packages`: keys of `systemTools`.
 */
export async function installSystemTools(packages) {
  const missing = packages.filter((name) => !systemTools[name].every(hasProgram));
  if (missing.length === 0) return;
  if (!isRoot || !hasProgram('apt-get')) {
    const hint = missing.includes('redis-server') ? ' (or set REDIS_URL to a Redis of your own)' : '';
    throw new PlainError(
      `missing: ${missing.join(', ')}. Type this, then try again${hint}:\n    sudo apt-get install --yes ${missing.join(' ')}`,
    );
  }
  await step(missing.join(', '), () => aptInstall(missing));
}
