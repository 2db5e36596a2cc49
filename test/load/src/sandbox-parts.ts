import { join } from 'node:path';
import { createSandboxEngine } from '@assay/sandbox';
import { ROOT } from './crud-task.js';

/** What the sandbox itself costs. */
export interface SandboxParts {
  /** All guarantees proved, on an engine that has just been made. */
  selfTestMs: number;
  /** A pod with its network. */
  openPodMs: number;
  /** Until the container's own command begins. */
  startMs: number;
  killMs: number;
}

const MIB = 1024 * 1024;
const LIMITS = {
  memoryBytes: 64 * MIB,
  pids: 16,
  cpus: 1,
  outputBytes: MIB,
  tmpBytes: MIB,
  wallMs: 60_000,
};

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const startedAtMs = performance.now();
  return [await work(), performance.now() - startedAtMs];
}

export async function measureSandbox(home: string): Promise<SandboxParts> {
  const engine = createSandboxEngine({
    home,
    runtimePackages: join(ROOT, 'content/runtime/node_modules'),
  });
  try {
    const [, selfTestMs] = await timed(() => engine.selfTest());
    const [pod, openPodMs] = await timed(() => engine.openPod());
    const [container, startMs] = await timed(() =>
      pod.start({
        part: 'candidate',
        command: ['/usr/bin/sh', '-c', 'read _'],
        env: {},
        cwd: '/',
        mounts: {},
        limits: LIMITS,
      }),
    );
    const [, killMs] = await timed(() => container.kill());
    return { selfTestMs, openPodMs, startMs, killMs };
  } finally {
    await engine.close();
  }
}
