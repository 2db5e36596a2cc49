import type { ContainerSpec, FolderHandle } from '@assay/sandbox';
import { type CheckSpec, entryFile, startTimeoutMsOf, type TaskManifest } from '@assay/tasks';

export const CANDIDATE_PORT = 3000;
export const MIB = 1024 * 1024;

/** The harness ends a check in time; this ends a container whose harness did not. */
const WALL_GRACE_MS = 15_000;

/**
 * V8 sizes its heap from the host's memory, which the sandbox does not hide: without a cap it would leave garbage lying
 * until the container is killed for memory. The rest is for buffers, stacks and code.
 */
const HEAP_SHARE = 0.6;

/** The container of the server under test. `app` holds its files; `env` is added to PORT. */
export function serverContainer(
  manifest: TaskManifest,
  check: CheckSpec,
  app: FolderHandle,
  env: Readonly<Record<string, string>>,
): ContainerSpec {
  const { limits } = manifest;
  const args = manifest.mode === 'http' ? manifest.server.command.slice(1) : [entryFile(manifest)];
  return {
    part: 'candidate',
    command: ['/usr/bin/node', `--max-old-space-size=${Math.floor(limits.memoryMb * HEAP_SHARE)}`, ...args],
    env: { ...env, PORT: String(CANDIDATE_PORT) },
    cwd: '/app',
    mounts: { '/app': app },
    limits: {
      memoryBytes: limits.memoryMb * MIB,
      pids: limits.pids,
      cpus: limits.cpus,
      outputBytes: limits.outputKb * 1024,
      tmpBytes: limits.tmpMb * MIB,
      wallMs: startTimeoutMsOf(manifest) + check.timeoutMs + WALL_GRACE_MS,
    },
  };
}
