import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SandboxError } from '../engine.js';
import type { HostTools } from '../host-tools.js';

/** Postgres refuses to run as root: `nobody`, one of the few users that every machine has. */
const NOBODY = 65_534;
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' };

const INITDB_OPTIONS = [
  ...['--no-sync', '--no-instructions', '--no-data-checksums', '--username=postgres', '--wal-segsize=1'],
  ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
];

/** Durable against a kill of its processes, not of the machine: it lives in memory. Small and quiet. */
const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 40
reserved_connections = 5
superuser_reserved_connections = 1
shared_buffers = 16MB
dynamic_shared_memory_type = mmap
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
min_wal_size = 2MB
max_wal_size = 16MB
temp_file_limit = 32MB
io_method = sync
jit = off
autovacuum = off
max_parallel_workers_per_gather = 0
max_logical_replication_workers = 0
timezone = UTC
log_timezone = UTC
log_min_messages = log
log_checkpoints = off
scram_iterations = 16
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.max = 2000
pg_stat_statements.track_utility = off
pg_stat_statements.save = off
`;

/** `postgres` has no password, so that nobody is ever superuser over the network. */
const ACCESS = `
host app app 127.0.0.1/32 scram-sha-256
host app,postgres checks 127.0.0.1/32 scram-sha-256
`;

/**
 * The database `app` belongs to the user `app`, the candidate's. `checks` may do there what `app` may, and no more: whatever lies
 * in that database may run what the candidate wrote. The statistics lie in the database `postgres`, where `app` cannot connect. A statement a line.
 */
const SET_UP = `
CREATE ROLE app LOGIN PASSWORD 'app';
CREATE ROLE checks LOGIN;
GRANT app, pg_signal_backend, pg_read_all_stats, pg_use_reserved_connections TO checks;
UPDATE pg_database SET datistemplate = false;
DROP DATABASE template0;
ALTER DATABASE template1 RENAME TO app;
ALTER DATABASE app OWNER TO app;
REVOKE ALL ON DATABASE app, postgres FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO checks;
CREATE EXTENSION pg_stat_statements;
GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO checks;
`;

/** Makes `<folder>/data`, a cluster that was never used, with the programs in `<folder>/bin`. */
export async function makePostgresData(tools: HostTools, folder: string): Promise<void> {
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(data, NOBODY, NOBODY);
  const asNobody = isRoot
    ? [tools.setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']
    : [];
  const program = (name: string) => [...asNobody, join(folder, 'bin', name)];
  await run([...program('initdb'), '-D', data, ...INITDB_OPTIONS], '');
  await writeFile(join(data, 'postgresql.conf'), SETTINGS);
  await writeFile(join(data, 'pg_hba.conf'), ACCESS);
  const output = await run([...program('postgres'), '--single', '-D', data, 'postgres'], SET_UP.trimStart());
  // It goes on after a mistake, and ends well.
  if (/ERROR|FATAL/.test(output))
    throw new SandboxError(`Postgres cannot be set up: ${output.slice(-1_000)}`);
  await rm(join(folder, 'bin', 'initdb'));
  if (isRoot) await giveToRoot(data);
}

async function run([program = '', ...args]: readonly string[], input: string): Promise<string> {
  const child = spawn(program, args, { env: ENVIRONMENT, cwd: '/' });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  child.stdin.on('error', () => undefined); // its end says what there is to say
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new SandboxError(`${program} ended with ${code}: ${output.slice(-1_000)}`);
  return output;
}

async function giveToRoot(folder: string): Promise<void> {
  await chown(folder, 0, 0);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chown(join(entry.parentPath, entry.name), 0, 0);
}
