import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inCheckout } from './checkout.mjs';
import { commandEnvironment } from './command-environment.mjs';
import { PlainError, reportAndFail } from './plain-error.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { say } from './progress.mjs';
import { runInForeground } from './run-in-foreground.mjs';

/**
 * `npm run demo -- [--json]`: the demo against a running `npm start`; when none runs, against one that lives as long
 * as the demo. stdout holds the demo's result only.
 */
const args = process.argv.slice(2);

const isUp = (url) =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Starts the system beside us. Resolves once it is up to `stop`, which resolves when it is down again. */
async function startSystem() {
  say('… no Assay is running here: starting one for the demo');
  const child = spawn(
    process.execPath,
    [inCheckout('tools', 'bootstrap', 'start.mjs'), '--leave-demo-to-me'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ASSAY_DEMO: 'true' },
    },
  );
  const ended = once(child, 'exit');
  const isStarted = async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('Assay is up')) return true;
    }
    return false;
  };
  if (!(await isStarted())) throw new PlainError('Assay did not start; what it said stands above');
  child.stdout.resume();
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}

async function main() {
  await prepareCheckout();
  const env = await commandEnvironment();
  const stop = (await isUp(env.ASSAY_PUBLIC_URL)) ? async () => {} : await startSystem();
  try {
    process.exitCode = await runInForeground(inCheckout('tools', 'dist', 'demo.js'), args, env);
  } finally {
    await stop();
  }
}

main().catch(reportAndFail);
