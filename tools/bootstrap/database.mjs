import { inCheckout } from './checkout.mjs';
import { postgresUrl, queryPostgres, superuser } from './embedded-postgres.mjs';
import { PlainError } from './plain-error.mjs';
import { lastLines } from './processes.mjs';
import { say } from './progress.mjs';
import { run } from './run-quietly.mjs';

/** Runs one of our own commands on the database; resolves to what it wrote to stdout and stderr. */
async function runTool(name, env) {
  const { code, output } = await run(process.execPath, [inCheckout('tools', 'dist', `${name}.js`)], { env });
  if (code !== 0) throw new PlainError(`${name} did not succeed`, lastLines(output, 30));
  return output;
}

/** Brings the schema up to date, connected as the database's owner. */
export const migrate = (ownerUrl) => runTool('migrate', { DATABASE_URL: ownerUrl });

/** Publishes the tasks and makes the demo organisation. Resolves to its owner's `{ email, password }`, if there is one. */
export async function seed(ownerUrl, home, demo) {
  const output = await runTool('seed', {
    DATABASE_URL: ownerUrl,
    ASSAY_HOME: home,
    ASSAY_DEMO: String(demo),
  });
  for (const line of output.split('\n')) {
    try {
      const { email, password } = JSON.parse(line);
      if (email && password) return { email, password };
    } catch {
      if (line.trim() !== '') say(`  ${line}`);
    }
  }
  return undefined;
}

/** Makes our database in the embedded cluster, if it is not there. Resolves to the owner's URL. */
export async function createEmbeddedDatabase(port, secrets) {
  const url = postgresUrl(port, superuser, secrets.postgres, 'postgres');
  const { rowCount } = await queryPostgres(url, "SELECT FROM pg_database WHERE datname = 'assay'");
  if (rowCount === 0) await queryPostgres(url, 'CREATE DATABASE assay');
  return postgresUrl(port, superuser, secrets.postgres);
}

/** The two roles that the migrations make cannot log in; here they may. Resolves to `{ api, worker }`, their URLs. */
export async function letRolesLogIn(ownerUrl, port, secrets) {
  await queryPostgres(ownerUrl, `ALTER ROLE assay_api LOGIN PASSWORD '${secrets.assayApi}'`);
  await queryPostgres(ownerUrl, `ALTER ROLE assay_worker LOGIN PASSWORD '${secrets.assayWorker}'`);
  return {
    api: postgresUrl(port, 'assay_api', secrets.assayApi),
    worker: postgresUrl(port, 'assay_worker', secrets.assayWorker),
  };
}

/**
 * On a database of somebody else's we make no logins: every connection lays down the owner's rights by itself.
 * Only `workerUrl` (WORKER_DATABASE_URL) is taken as it is: a login of the worker's own.
 */
export function externalUrls(ownerUrl, workerUrl) {
  const as = (role) => {
    const url = new URL(ownerUrl);
    const given = url.searchParams.get('options');
    url.searchParams.set('options', [given, `-c role=${role}`].filter(Boolean).join(' '));
    // Postgres takes `+` as it is: spaces must be written as %20.
    return url.href.replaceAll('+', '%20');
  };
  return { api: as('assay_api'), worker: workerUrl ?? as('assay_worker') };
}
