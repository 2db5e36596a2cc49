import type { SourceFile } from '@assay/contracts';
import type { ContainerSpec, FolderHandle, Pod } from '@assay/sandbox';
import type { TaskBundle } from '@assay/tasks';
import { HARNESS_MAIN } from './harness-files.js';
import { CANDIDATE_PORT, MIB } from './server-container.js';

/** Which of a task's two sets of checks to run. */
export type CheckSet = 'hidden' | 'sample';

/** What lies in the container: the harness with the checks, and the solution as data. */
export interface ChecksFolders {
  harness: FolderHandle;
  solution: FolderHandle;
}

/**
 * The harness holds one thread with 112 MiB of heap at most while the next one loads, and its own buffers. It may wait
 * long for a grading; whatever it is asked then has a limit of its own (`HarnessSession`).
 */
const LIMITS = {
  memoryBytes: 512 * MIB,
  pids: 64,
  cpus: 2,
  outputBytes: 16 * MIB,
  tmpBytes: 16 * MIB,
  wallMs: 7 * 24 * 3_600_000,
};

/** The container of the harness, which waits to be told what it checks. */
export function checksContainer({ harness, solution }: ChecksFolders): ContainerSpec {
  return {
    part: 'checks',
    command: ['/usr/bin/node', `/app/${HARNESS_MAIN}`, '/solution', String(CANDIDATE_PORT)],
    env: {},
    cwd: '/app',
    mounts: { '/app': harness, '/solution': solution },
    limits: LIMITS,
  };
}

/** Puts one set of checks and the solution into it. Sample runs never hold the hidden checks. */
export async function fillChecks(
  pod: Pod,
  { harness, solution }: ChecksFolders,
  bundle: TaskBundle,
  set: CheckSet,
  files: readonly SourceFile[],
): Promise<void> {
  const checks = bundle.checks.filter(({ path }) => set === 'hidden' || path !== 'hidden.mjs');
  await Promise.all([
    pod.fill(
      harness,
      checks.map(({ path, content }) => ({ path: `checks/${path}`, content })),
    ),
    pod.fill(solution, files),
  ]);
}
