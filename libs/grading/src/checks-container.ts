import type { SourceFile } from '@assay/contracts';
import type { Pod } from '@assay/sandbox';
import { type CheckSpec, startTimeoutMsOf, type TaskBundle } from '@assay/tasks';
import { HARNESS_MAIN, harnessFiles } from './harness-files.js';
import { HarnessSession } from './harness-session.js';
import { CANDIDATE_PORT, MIB } from './server-container.js';

/** Which of a task's two sets of checks to run. */
export type CheckSet = 'hidden' | 'sample';

/** The harness holds one thread with 112 MiB of heap at most while the next one loads, and its own buffers. */
const LIMITS = { memoryBytes: 512 * MIB, pids: 64, cpus: 1, outputBytes: 16 * MIB, tmpBytes: 16 * MIB };
const WALL_GRACE_MS = 60_000;

function wallMs(checks: readonly CheckSpec[], startTimeoutMs: number): number {
  return checks.reduce((sum, { timeoutMs }) => sum + timeoutMs + 2 * startTimeoutMs, WALL_GRACE_MS);
}

/**
 * Starts the harness with one set of checks in a container of its own, where the solution lies as data. Sample runs
 * never hold the hidden checks.
 */
export async function startHarness(
  pod: Pod,
  bundle: TaskBundle,
  set: CheckSet,
  files: readonly SourceFile[],
): Promise<HarnessSession> {
  const { manifest } = bundle;
  const checks = bundle.checks.filter(({ path }) => set === 'hidden' || path !== 'hidden.mjs');
  const folder = await pod.addFiles('checks', [
    ...(await harnessFiles()),
    ...checks.map(({ path, content }) => ({ path: `checks/${path}`, content })),
  ]);
  const solution = await pod.addFiles('checks', files);
  const args = [`/app/checks/${set}.mjs`, '/solution', String(CANDIDATE_PORT)];
  const container = await pod.start({
    part: 'checks',
    command: ['/usr/bin/node', `/app/${HARNESS_MAIN}`, ...args],
    env: {},
    cwd: '/app',
    mounts: { '/app': folder, '/solution': solution },
    limits: { ...LIMITS, wallMs: wallMs(manifest.checks[set], startTimeoutMsOf(manifest)) },
  });
  const names = manifest.checks[set].flatMap(({ name, probe }) => (probe === undefined ? [name] : []));
  return new HarnessSession(container, names, `checks/${set}.mjs`);
}
