import { parseArgs } from 'node:util';
import { inCheckout } from './checkout.mjs';
import { installSystemTools, toolsOfEngine } from './install-system-tools.mjs';
import { reportAndFail } from './plain-error.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { runInForeground } from './run-in-foreground.mjs';

/** `npm run abuse -- [--engine bwrap|crun|runc|runsc] [--case name] [--json]`: attacks this machine's sandbox (test/abuse); needs root, as grading does. */
async function main() {
  await prepareCheckout();
  const { values } = parseArgs({ options: { engine: { type: 'string' } }, strict: false });
  await installSystemTools(toolsOfEngine(values.engine));
  const script = inCheckout('test', 'abuse', 'dist', 'main.js');
  process.exitCode = await runInForeground(script, process.argv.slice(2), process.env);
}

main().catch(reportAndFail);
