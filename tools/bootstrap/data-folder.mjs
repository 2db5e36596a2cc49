import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkoutRoot } from './checkout.mjs';

/** Whether every user may pass through this folder and all above it. */
export function isOpenToAll(folder) {
  if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || isOpenToAll(dirname(folder));
}

/**
 * Where everything lives that a running Assay writes: ASSAY_HOME, else `.assay/` in the checkout. Postgres refuses to
 * run as root and untrusted code never does, so their users must get there: as root in a checkout that others cannot
 * enter it is a folder of /var/lib named by the checkout's path, and `reason` says so.
 */
export function findDataFolder() {
  if (process.env.ASSAY_HOME) return { path: resolve(process.env.ASSAY_HOME) };
  if (process.getuid() !== 0 || isOpenToAll(checkoutRoot)) return { path: join(checkoutRoot, '.assay') };
  const hash = createHash('sha256').update(checkoutRoot).digest('hex').slice(0, 12);
  return { path: `/var/lib/assay/${hash}`, reason: 'other users cannot enter this checkout' };
}

/** Makes the data folder. Others may pass through it, not list it; what is secret inside has its own mode. */
export async function makeDataFolder(path) {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o711);
  for (const name of ['logs', 'run']) await mkdir(join(path, name), { recursive: true, mode: 0o700 });
}

/** The data folder's generated passwords, made on first use: `{ postgres, assayApi, assayWorker, redis }`. */
export async function readSecrets(home) {
  const file = join(home, 'secrets.json');
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8'));
  const secret = () => randomBytes(24).toString('hex');
  const secrets = { postgres: secret(), assayApi: secret(), assayWorker: secret(), redis: secret() };
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return secrets;
}
