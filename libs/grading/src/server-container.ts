import type { ContainerSpec, FolderHandle } from '@assay/sandbox';
import { type CheckSpec, startTimeoutMsOf, type TaskManifest } from '@assay/tasks';
import { SHIM_MAIN } from './harness-files.js';

export const CANDIDATE_PORT = 3000;
export const MIB = 1024 * 1024;

/** The harness ends a check in time; this ends a container whose harness did not. */
const WALL_GRACE_MS = 15_000;

/**
 * V8 sizes its heap from the host's memory, which the sandbox does not hide: without a cap it would leave garbage lying
 * until the container is killed for memory. The rest is for buffers, stacks and code.
 */
const HEAP_SHARE = 0.6;

/** What lies in the container: the solution's files and, for a module, what runs it. */
export interface ServerFolders {
  app: FolderHandle;
  shim: FolderHandle | null;
}

/** The container of the server, or module, under test. `env` is added to PORT; `waitMs`: until its check begins, at most. */
export function serverContainer(
  manifest: TaskManifest,
  check: Pick<CheckSpec, 'timeoutMs'>,
  { app, shim }: ServerFolders,
  env: Readonly<Record<string, string>>,
  waitMs: number,
): ContainerSpec {
  const { limits } = manifest;
  const program =
    manifest.mode === 'http'
      ? manifest.server.command.slice(1)
      : [`/shim/${SHIM_MAIN}`, `/app/${manifest.module.file}`, String(CANDIDATE_PORT)];
  return {
    part: 'candidate',
    command: [
      '/usr/bin/node',
      `--max-old-space-size=${Math.floor(limits.memoryMb * HEAP_SHARE)}`,
      ...program,
    ],
    env: { ...env, PORT: String(CANDIDATE_PORT) },
    cwd: '/app',
    mounts: { '/app': app, ...(shim && { '/shim': shim }) },
    limits: {
      memoryBytes: limits.memoryMb * MIB,
      pids: limits.pids,
      cpus: limits.cpus,
      outputBytes: limits.outputKb * 1024,
      tmpBytes: limits.tmpMb * MIB,
      wallMs: startTimeoutMsOf(manifest) + waitMs + check.timeoutMs + WALL_GRACE_MS,
    },
  };
}
