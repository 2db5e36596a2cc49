import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inCheckout } from './checkout.mjs';
import { commandEnvironment } from './command-environment.mjs';
import { findDatabase } from './find-database.mjs';
import { installSystemTools, toolsOfEngine } from './install-system-tools.mjs';
import { PlainError, reportAndFail } from './plain-error.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { runInForeground } from './run-in-foreground.mjs';

/**
 * `node tools/bootstrap/run.mjs <command> [arguments]`: brings the checkout up to date and runs tools/dist/<command>.js
 * with our stdin, stdout and signals. Everything that is said before goes to stderr.
 */
const [command, ...args] = process.argv.slice(2);

/** Commands that run candidates' code here and now. */
const needSandbox = ['grade', 'task'];
/** Commands that talk to the database. */
const needDatabase = ['migrate', 'seed'];

/** The command itself says what is wrong with its arguments. */
const engineIn = (list) =>
  parseArgs({ args: list, strict: false, options: { engine: { type: 'string' } } }).values.engine;

async function main() {
  if (!/^[a-z][a-z-]*$/.test(command ?? '')) throw new PlainError('usage: run.mjs <command> [arguments]');
  await prepareCheckout();
  const script = inCheckout('tools', 'dist', `${command}.js`);
  if (!existsSync(script)) throw new PlainError(`there is no command "${command}"`);
  const env = await commandEnvironment();
  if (needSandbox.includes(command)) await installSystemTools(toolsOfEngine(engineIn(args)));
  if (needDatabase.includes(command)) env.DATABASE_URL = await findDatabase();
  process.exitCode = await runInForeground(script, args, env);
}

main().catch(reportAndFail);
