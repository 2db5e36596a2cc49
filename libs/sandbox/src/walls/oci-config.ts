import type { ContainerSpec } from '../engine.js';
import { reportReadyThen } from './report-ready.js';
import type { SeccompProfile } from './seccomp-profile.js';
import type { Launch } from './wall.js';

/** Inside, as in the made-up /etc/passwd. */
export const INNER_ID = 1000;
/** Where the wall's init appears inside. */
const INIT = '/dev/init';
const SHM_BYTES = 1024 * 1024;
const DEV_BYTES = 64 * 1024;
/** Bytes of tmpfs for which it may hold one file: an empty one costs the kernel about a kilobyte. */
const BYTES_PER_FILE = 1024;
const MAX_OPEN_FILES = 256;

/** What the kernel tells of the machine and other containers. */
const MASKED = [
  'acpi',
  'asound',
  'kcore',
  'keys',
  'latency_stats',
  'sched_debug',
  'scsi',
  'timer_list',
  'timer_stats',
];
const READ_ONLY = ['bus', 'fs', 'irq', 'sys', 'sysrq-trigger'];

export interface OciInputs {
  launch: Launch;
  /** Of the host: folders to mount on. */
  rootfs: string;
  /** Of the host: the init. */
  initFile: string;
  seccomp: SeccompProfile;
  /** Our own filter, encoded: crun takes it as it is. */
  filter: Uint8Array;
  /** Outer id that 1000 inside becomes; null when the runtime is started in a user namespace that has it already. */
  mapTo: number | null;
}

/**
 * The configuration of one container. The network namespace is the one that the runtime is started in, and so is the
 * cgroup: neither is named, and the runtimes are told to leave cgroups alone.
 */
export function ociConfig({ launch, rootfs, initFile, seccomp, filter, mapTo }: OciInputs): object {
  const { spec, root } = launch;
  const namespaces = ['pid', 'ipc', 'uts', 'mount', 'cgroup', ...(mapTo === null ? [] : ['user'])];
  const mapping = mapTo === null ? [] : [{ containerID: INNER_ID, hostID: mapTo, size: 1 }];
  return {
    ociVersion: '1.0.0',
    annotations: { 'run.oci.seccomp_bpf_data': Buffer.from(filter).toString('base64') },
    process: processOf(spec),
    root: { path: rootfs, readonly: true },
    hostname: 'sandbox',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      tmpfs('/dev', DEV_BYTES, ['noexec', 'mode=755', 'ro']),
      {
        ...{ destination: '/dev/pts', type: 'devpts', source: 'devpts' },
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
      },
      tmpfs('/dev/shm', SHM_BYTES, ['nodev', 'mode=1777']),
      tmpfs('/tmp', spec.limits.tmpBytes, ['nodev', 'mode=1777']),
      ...root.folders.map((name) => readOnly(`${root.path}/${name}`, `/${name}`)),
      readOnly(initFile, INIT),
      ...Object.entries(spec.mounts).map(([target, folder]) => readOnly(folder.hostPath, target)),
    ],
    linux: {
      namespaces: namespaces.map((type) => ({ type })),
      ...(mapTo === null ? {} : { uidMappings: mapping, gidMappings: mapping }),
      seccomp,
      maskedPaths: [...MASKED.map((name) => `/proc/${name}`), '/sys/firmware'],
      readonlyPaths: READ_ONLY.map((name) => `/proc/${name}`),
    },
  };
}

function processOf(spec: ContainerSpec): object {
  const limit = (type: string, value: number) => ({ type: `RLIMIT_${type}`, hard: value, soft: value });
  const environment = Object.entries({ PATH: '/usr/bin', HOME: '/tmp', TZ: 'UTC', ...spec.env });
  return {
    terminal: false,
    user: { uid: INNER_ID, gid: INNER_ID },
    // The init dies with the runtime, which dies with the worker.
    args: [INIT, '-p', 'SIGKILL', '--', ...reportReadyThen(spec.command)],
    env: environment.map(([name, value]) => `${name}=${value}`),
    cwd: spec.cwd,
    capabilities: { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] },
    noNewPrivileges: true,
    rlimits: [
      limit('CORE', 0),
      limit('NOFILE', spec.limits.openFiles ?? MAX_OPEN_FILES),
      limit('FSIZE', spec.limits.tmpBytes),
      limit('MEMLOCK', 65536),
      limit('MSGQUEUE', 0),
    ],
  };
}

const tmpfs = (destination: string, bytes: number, options: readonly string[]) => ({
  ...{ destination, type: 'tmpfs', source: 'tmpfs' },
  options: [...options, 'nosuid', `size=${bytes}`, `nr_inodes=${Math.ceil(bytes / BYTES_PER_FILE)}`],
});

const readOnly = (source: string, destination: string) => ({
  ...{ destination, type: 'bind', source },
  options: ['bind', 'ro', 'nosuid', 'nodev'],
});
