import { checkBoundaries } from './boundaries.mjs';
import { inCheckout } from './checkout.mjs';
import { say, secondsSince } from './progress.mjs';
import { run } from './run-quietly.mjs';
import { runTogether } from './run-together.mjs';

const tool =
  (name, ...args) =>
  async () => {
    const { code, output } = await run(inCheckout('node_modules', '.bin', name), args, {
      env: { FORCE_COLOR: '0' },
    });
    return { passed: code === 0, output };
  };

// What is generated and ignored (.assay/ above all) is nobody's style.
const whatGitSees = ['--vcs-enabled=true', '--vcs-client-kind=git', '--vcs-use-ignore-file=true'];

/** Everything that is checked without running the product, longest first. */
export const staticChecks = [
  { name: 'lint', run: tool('eslint', '--max-warnings=0') },
  // Incremental: a second run only looks at what a change reaches.
  {
    name: 'types',
    run: tool('tsc', '--pretty', 'false', '--incremental', '--tsBuildInfoFile', '.assay/check.tsbuildinfo'),
  },
  {
    name: 'types of the web',
    run: tool(
      ...['tsc', '-p', 'apps/web', '--pretty', 'false'],
      ...['--incremental', '--tsBuildInfoFile', '.assay/check-web.tsbuildinfo'],
    ),
  },
  { name: 'boundaries', run: checkBoundaries },
  {
    name: 'dead code',
    run: tool(
      'knip',
      '--no-progress',
      '--no-config-hints',
      '--tsConfig',
      'tools/bootstrap/dead-code.tsconfig.json',
    ),
  },
  { name: 'format', run: tool('biome', 'check', '--colors=off', '--error-on-warnings', ...whatGitSees, '.') },
];

/**
 * Runs the checks two at a time, says each as it ends and shows the output of those that failed.
 * Resolves to `[{ name, passed }]`.
 */
export async function runChecks(checks) {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const results = await runTogether(checks, 2, async (check) => {
    const startedAtMs = performance.now();
    // A check that cannot even run has failed; the others still have something to say.
    const {
      passed,
      output,
      note = '',
    } = await check.run().catch((error) => ({ passed: false, output: error.stack }));
    say(
      `${passed ? '✓' : '✗'} ${check.name.padEnd(width)}  ${secondsSince(startedAtMs).padStart(7)}  ${note}`.trimEnd(),
    );
    return { name: check.name, passed, output };
  });
  for (const { name, output } of results.filter(({ passed }) => !passed)) {
    say(`\n── ${name} ${'─'.repeat(Math.max(0, 72 - name.length))}\n${output.trim()}`);
  }
  return results.map(({ name, passed }) => ({ name, passed }));
}
