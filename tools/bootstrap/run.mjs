import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inCheckout } from './checkout.mjs';
import { findDataFolder, makeDataFolder, readSecrets } from './data-folder.mjs';
import { postgresUrl, queryPostgres, superuser } from './embedded-postgres.mjs';
import { installSystemTools } from './install-system-tools.mjs';
import { PlainError, reportAndFail } from './plain-error.mjs';
import { readPorts } from './ports.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';

/**
 * `node tools/bootstrap/run.mjs <command> [arguments]`: brings the checkout up to date and runs tools/dist/<command>.js
 * with our stdin, stdout and signals. Everything that is said before goes to stderr.
 */
const [command, ...args] = process.argv.slice(2);

/** Commands that run candidates' code here and now. */
const needSandbox = ['grade', 'task'];
/** Commands that talk to the database. */
const needDatabase = ['migrate', 'seed'];

/** DATABASE_URL, else that of the Postgres that `npm start` has started. */
async function findDatabase(home) {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const unreachable = new PlainError('no database: set DATABASE_URL, or run `npm start` in another terminal');
  if (!existsSync(`${home}/secrets.json`)) throw unreachable;
  const url = postgresUrl(readPorts().postgres, superuser, (await readSecrets(home)).postgres);
  await queryPostgres(url, 'SELECT 1').catch(() => {
    throw unreachable;
  });
  return url;
}

function runCommand(script, env) {
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit', env: { ...process.env, ...env } });
  // Ctrl-C reaches the whole group, the command included: stay until it has ended in its own way.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

async function main() {
  if (!/^[a-z][a-z-]*$/.test(command ?? '')) throw new PlainError('usage: run.mjs <command> [arguments]');
  await prepareCheckout();
  const script = inCheckout('tools', 'dist', `${command}.js`);
  if (!existsSync(script)) throw new PlainError(`there is no command "${command}"`);
  const { path: home } = findDataFolder();
  await makeDataFolder(home);
  const env = { ASSAY_HOME: home };
  if (needSandbox.includes(command)) await installSystemTools(['bubblewrap', 'util-linux']);
  if (needDatabase.includes(command)) env.DATABASE_URL = await findDatabase(home);
  const { code, signal } = await runCommand(script, env);
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
}

main().catch(reportAndFail);
