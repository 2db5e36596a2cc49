import { inCheckout } from './checkout.mjs';
import { reportAndFail } from './plain-error.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { say, secondsSince } from './progress.mjs';
import { run } from './run-quietly.mjs';
import { runChecks, staticChecks } from './static-checks.mjs';

/** `npm run check`: everything that needs neither a database nor a sandbox, meant to be typed before every commit. */
const unitTests = {
  name: 'unit tests',
  async run() {
    const jest = inCheckout('node_modules', 'jest', 'bin', 'jest.js');
    const args = [
      '--experimental-vm-modules',
      '--no-warnings',
      jest,
      '--selectProjects',
      'unit',
      '--maxWorkers=1',
    ];
    const { code, output } = await run(process.execPath, args);
    return { passed: code === 0, output, note: /^Tests:\s+(.*)$/m.exec(output)?.[1] ?? '' };
  },
};

async function check() {
  const startedAtMs = performance.now();
  await prepareCheckout({ build: false });
  const results = await runChecks([unitTests, ...staticChecks]);
  const failed = results.filter(({ passed }) => !passed);
  say(
    `\n${failed.length === 0 ? '✓ all good' : `✗ ${failed.map(({ name }) => name).join(', ')}`}  ${secondsSince(startedAtMs)}`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

check().catch(reportAndFail);
