import type { Container, ContainerSpec, Exit, FolderHandle, Pod } from '@assay/sandbox';
import type { CheckSpec, TaskManifest } from '@assay/tasks';
import type { CheckAnswer } from './harness/messages.js';
import { PlatformFailure } from './platform-failure.js';

export const CANDIDATE_PORT = 3000;
export const MIB = 1024 * 1024;

/** A server whose connection broke may be ending: how long its own exit may take before we kill it. */
const EXIT_GRACE_MS = 2_000;
/** The harness ends a check in time; this ends a container whose harness did not. */
const WALL_GRACE_MS = 15_000;

/**
 * V8 sizes its heap from the host's memory, which the sandbox does not hide: without a cap it would leave garbage lying
 * until the container is killed for memory. The rest is for buffers, stacks and code.
 */
const HEAP_SHARE = 0.6;

function containerSpec(manifest: TaskManifest, check: CheckSpec, app: FolderHandle): ContainerSpec {
  const { limits, server } = manifest;
  const [, ...args] = server.command;
  return {
    part: 'candidate',
    command: ['/usr/bin/node', `--max-old-space-size=${Math.floor(limits.memoryMb * HEAP_SHARE)}`, ...args],
    env: { PORT: String(CANDIDATE_PORT) },
    cwd: '/app',
    mounts: { '/app': app },
    limits: {
      memoryBytes: limits.memoryMb * MIB,
      pids: limits.pids,
      cpus: limits.cpus,
      outputBytes: limits.outputKb * 1024,
      tmpBytes: limits.tmpMb * MIB,
      wallMs: server.startTimeoutMs + check.timeoutMs + WALL_GRACE_MS,
    },
  };
}

/** Starts the candidate's server for one check; it may still be starting when this resolves. */
export async function startServer(
  pod: Pod,
  manifest: TaskManifest,
  check: CheckSpec,
  app: FolderHandle,
): Promise<Container> {
  const server = await pod.start(containerSpec(manifest, check, app));
  server.stdin.on('error', () => {});
  server.stdin.end();
  return server;
}

/**
 * Ends the server after its check. When the check lost its connection, the server's own end is waited for first:
 * a socket closes a moment before its process can be seen to have ended, and a kill in between would hide the cause.
 * Throws `PlatformFailure` when the machine ended it.
 */
export async function endServer(server: Container, answer: CheckAnswer): Promise<Exit> {
  if (answer.connectionLost) {
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, EXIT_GRACE_MS);
    });
    await Promise.race([server.exited, grace]);
    clearTimeout(timer);
  }
  const ended = await Promise.race([server.exited, Promise.resolve(null)]);
  // Nobody here has killed it yet: the machine did, for want of memory that this container did not use up.
  if (ended?.cause === 'killed') throw new PlatformFailure('the machine ended the server under test');
  return server.kill();
}
