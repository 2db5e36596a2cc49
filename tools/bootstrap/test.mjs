import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCheckout } from './checkout.mjs';
import { installSystemTools } from './install-system-tools.mjs';
import { reportAndFail } from './plain-error.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { say, step } from './progress.mjs';
import { runJest } from './run-jest.mjs';
import { runChecks, staticChecks } from './static-checks.mjs';
import { isStop, listenForStopRequest, stopStatus } from './stop-request.mjs';
import { startTestServices } from './test-services.mjs';

/**
 * `npm test`: the whole suite on a machine with nothing but Node, ending with one line of the real counts.
 * `npm test -- <Jest's arguments>` runs only what they choose, without the static checks.
 */
const jestArguments = process.argv.slice(2);

/** Runs Jest and resolves to its counts; a file that could not even be loaded counts as one failure. */
async function countTests(services) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-jest-'));
  const outputFile = join(folder, 'results.json');
  try {
    const code = await runJest(['--maxWorkers=2', '--json', '--outputFile', outputFile, ...jestArguments], {
      ASSAY_TEST_DATABASE_URL: services.postgresUrl,
      ASSAY_TEST_REDIS_URL: services.redisUrl,
    });
    if (!existsSync(outputFile)) return { passed: 0, failed: 1 };
    const results = JSON.parse(await readFile(outputFile, 'utf8'));
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    // Jest also fails for what is no test, such as an error after the last one: that must not count as green.
    return { passed: results.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function test() {
  listenForStopRequest();
  await prepareCheckout();
  const forBrowser = existsSync(inCheckout('test', 'browser')) ? ['chromium'] : [];
  await installSystemTools(['redis-server', 'bubblewrap', 'util-linux', 'crun', 'runc', ...forBrowser]);
  const checked = jestArguments.length === 0 ? await runChecks(staticChecks) : [];
  const services = await step('Postgres and Redis for the tests', startTestServices);
  const counts = await countTests(services).finally(services.stop);
  const passed = checked.filter((check) => check.passed).length + counts.passed;
  const failed = checked.filter((check) => !check.passed).length + counts.failed;
  if (failed > 0 || counts.passed === 0) process.exitCode = 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

test()
  .catch((error) => {
    if (!isStop(error)) return reportAndFail(error);
    say('ended before the tests were');
    process.exitCode = stopStatus();
  })
  .finally(() => process.exit());
