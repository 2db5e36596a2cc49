import type { ContainerSpec, Pod } from '@assay/sandbox';
import type { SidecarName } from '../harness/sidecar-access.js';
import { programFiles, programPath } from './sidecar-files.js';

const MIB = 1024 * 1024;

/** One may wait through the check before its own. */
const WALL_MS = 30 * 60_000;
const LIMITS = { pids: 64, cpus: 1, outputBytes: 4 * MIB, tmpBytes: 1 * MIB, wallMs: WALL_MS };

/** The containers of a pod's sidecars; their files come into the pod when they are first asked for. */
export type SidecarContainer = (name: SidecarName) => Promise<ContainerSpec>;

/** `secret` is what checks prove themselves with. */
export function sidecarContainers(pod: Pod, secret: string): SidecarContainer {
  const ofProgram = (part: 'upstream') =>
    once(async (): Promise<ContainerSpec> => {
      const folder = await pod.addFiles(part, await programFiles(secret));
      return {
        part,
        command: ['/usr/bin/node', '--max-old-space-size=64', `/sidecar/${programPath(part)}`],
        env: {},
        cwd: '/tmp',
        mounts: { '/sidecar': folder },
        limits: { ...LIMITS, memoryBytes: 160 * MIB },
      };
    });
  const containers: Record<SidecarName, () => Promise<ContainerSpec>> = { upstream: ofProgram('upstream') };
  return (name) => containers[name]();
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
