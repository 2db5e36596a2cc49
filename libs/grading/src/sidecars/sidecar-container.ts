import type { SourceFile } from '@assay/contracts';
import type { ContainerSpec, FolderHandle, Limits, Pod } from '@assay/sandbox';
import type { SidecarName } from '../harness/sidecar-access.js';
import { PREPARE_POSTGRES, postgresFiles } from './postgres-files.js';
import { redisFiles } from './redis-files.js';
import { programFiles, programPath } from './sidecar-files.js';
import { SUPERVISOR } from './supervisor.js';

const MIB = 1024 * 1024;

/** One may wait through the check before its own. */
const WALL_MS = 30 * 60_000;
const LIMITS = { pids: 64, cpus: 1, outputBytes: 4 * MIB, tmpBytes: 1 * MIB, wallMs: WALL_MS };

/** The containers of a pod's sidecars; their files come into the pod when they are first asked for. */
export type SidecarContainer = (name: SidecarName) => Promise<ContainerSpec>;

/** `secret` is what checks prove themselves with. */
export function sidecarContainers(pod: Pod, secret: string): SidecarContainer {
  const folders = new Map<SidecarName, Promise<FolderHandle>>();
  return async (name) => {
    const { files, ...description } = DESCRIPTIONS[name];
    const folder = folders.get(name) ?? files(secret).then((list) => pod.addFiles(name, list));
    folders.set(name, folder);
    return { part: name, env: {}, cwd: '/tmp', mounts: { '/sidecar': await folder }, ...description };
  };
}

interface Description extends Pick<ContainerSpec, 'root' | 'command' | 'limits'> {
  /** What lies in /sidecar. */
  files(secret: string): Promise<SourceFile[]>;
}

const ofProgram = (name: SidecarName, limits: Partial<Limits> = {}): Description => ({
  command: ['/usr/bin/node', '--max-old-space-size=64', `/sidecar/${programPath(name)}`],
  limits: { ...LIMITS, memoryBytes: 160 * MIB, ...limits },
  files: programFiles,
});

/** `prepare` is a script that runs before it waits to be told to start. */
const supervised = (prepare: string, stopSignal: string, ...command: string[]) => [
  ...['/usr/bin/sh', '-c', prepare + SUPERVISOR, 'supervisor', stopSignal],
  ...command,
];

const DESCRIPTIONS: Readonly<Record<SidecarName, Description>> = {
  postgres: {
    root: 'postgres',
    // SIGINT is its fast way to stop: connections are closed, data are kept.
    command: supervised(PREPARE_POSTGRES, 'INT', '/usr/lib/postgres/bin/postgres', '-D', '/tmp/data'),
    limits: { ...LIMITS, memoryBytes: 448 * MIB, tmpBytes: 224 * MIB },
    files: async (secret) => postgresFiles(secret),
  },
  redis: {
    root: 'redis',
    command: supervised('', 'TERM', '/usr/bin/redis-server', '/sidecar/redis.conf'),
    limits: { ...LIMITS, memoryBytes: 256 * MIB, tmpBytes: 96 * MIB },
    files: async (secret) => redisFiles(secret),
  },
  upstream: ofProgram('upstream'),
  mail: ofProgram('mail'),
  balancer: ofProgram('balancer', { openFiles: 2_048 }),
};
