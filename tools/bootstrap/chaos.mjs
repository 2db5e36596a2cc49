import { parseArgs } from 'node:util';
import { installSystemTools } from './install-system-tools.mjs';
import { PlainError, reportAndFail } from './plain-error.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { say } from './progress.mjs';
import { runJest } from './run-jest.mjs';
import { isStop, listenForStopRequest, stopStatus } from './stop-request.mjs';

/**
 * `npm run chaos [-- --gradings N]`: N gradings (200) while workers, APIs, Redis and Postgres are killed at random, on
 * a system of its own. Prints a table; exits with 1 when a result is missing, wrong, doubled or charged to a candidate.
 */
function readGradings() {
  const { values } = parseArgs({ options: { gradings: { type: 'string', default: '200' } } });
  if (!/^[1-9]\d{0,4}$/.test(values.gradings))
    throw new PlainError('--gradings takes a number from 1 to 99999');
  return values.gradings;
}

async function chaos() {
  listenForStopRequest();
  const gradings = readGradings();
  await prepareCheckout();
  await installSystemTools(['redis-server', 'bubblewrap', 'util-linux']);
  say(`… ${gradings} gradings while everything is killed at random: about a second each`);
  process.exitCode = await runJest(['--selectProjects', 'chaos'], { ASSAY_CHAOS_GRADINGS: gradings });
}

chaos()
  .catch((error) => {
    if (!isStop(error)) return reportAndFail(error);
    say('ended before everything was graded');
    process.exitCode = stopStatus();
  })
  .finally(() => process.exit());
