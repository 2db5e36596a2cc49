import { existsSync, readdirSync } from 'node:fs';
import { inCheckout } from './checkout.mjs';
import { run } from './run-quietly.mjs';

/** What tools/boundaries-fixture breaks, a rule a file. */
const brokenInFixture = [
  'apps-may-use',
  'core-contexts-meet-at-their-index',
  'core-has-no-io',
  'core-uses-itself-only',
  'every-import-resolves',
  'no-cycles',
  'packages-meet-at-their-exports',
  'sandbox-and-tasks-use-contracts-only',
  'specs-only-use-testing',
];

async function cruise(cwd, folders) {
  const cli = inCheckout('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const config = inCheckout('.dependency-cruiser.mjs');
  const { output } = await run(
    process.execPath,
    [cli, '--config', config, '--output-type', 'json', ...folders],
    { cwd },
  );
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`dependency-cruiser did not answer in JSON:\n${output}`);
  }
}

/** The folders that hold sources, relative to the checkout. */
const sourceFolders = () =>
  ['apps', 'libs']
    .flatMap((folder) => readdirSync(inCheckout(folder)).map((name) => `${folder}/${name}/src`))
    .concat('tools/src', 'tools/bootstrap', 'tools/prisma', 'test')
    .filter((folder) => existsSync(inCheckout(folder)));

const sourceFiles = (folders) =>
  folders.flatMap((folder) =>
    readdirSync(inCheckout(folder), { recursive: true })
      .map((file) => `${folder}/${file}`)
      .filter((file) => /\.tsx?$/.test(file) && !/\/(node_modules|generated)\//.test(file)),
  );

/**
 * The dependency rule, held against the tree and against a fixture that breaks it. dependency-cruiser that cannot read
 * TypeScript reports no module and no error at all: so every source file must have been seen, and the fixture must fail.
 * Resolves to `{ passed, output, note }`.
 */
export async function checkBoundaries() {
  const folders = sourceFolders();
  const tree = await cruise(inCheckout(), folders);
  const problems = tree.summary.violations.map(
    ({ rule, from, to, cycle }) =>
      `${rule.name}: ${from} → ${cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ')}`,
  );
  const seen = new Set(tree.modules.map(({ source }) => source));
  problems.push(
    ...sourceFiles(folders)
      .filter((file) => !seen.has(file))
      .map((file) => `not looked at: ${file}`),
  );

  const fixture = await cruise(inCheckout('tools', 'boundaries-fixture'), ['apps', 'libs']);
  const found = new Set(fixture.summary.violations.map(({ rule }) => rule.name));
  problems.push(
    ...brokenInFixture.filter((rule) => !found.has(rule)).map((rule) => `the fixture does not fail: ${rule}`),
  );
  return {
    passed: problems.length === 0,
    output: problems.join('\n'),
    note: `${tree.summary.totalCruised} modules`,
  };
}
