import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findDataFolder, readSecrets } from './data-folder.mjs';
import { postgresUrl, queryPostgres, superuser } from './embedded-postgres.mjs';
import { PlainError } from './plain-error.mjs';
import { readPorts } from './ports.mjs';

/** DATABASE_URL, else that of the Postgres that a running `npm start` holds; a PlainError when there is neither. */
export async function findDatabase() {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const unreachable = new PlainError('no database: set DATABASE_URL, or run `npm start` in another terminal');
  const { path: home } = findDataFolder();
  if (!existsSync(join(home, 'secrets.json'))) throw unreachable;
  const url = postgresUrl(readPorts().postgres, superuser, (await readSecrets(home)).postgres);
  await queryPostgres(url.replace(/\/[^/]*$/, '/postgres'), 'SELECT 1').catch(() => {
    throw unreachable;
  });
  return url;
}
