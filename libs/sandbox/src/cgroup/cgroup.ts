import { type Limits, SandboxError } from '../engine.js';

export type CgroupLimits = Pick<Limits, 'memoryBytes' | 'pids' | 'cpus'>;

export interface OomCount {
  /** Processes of this cgroup that the kernel killed for memory. */
  oomKills: number;
  /** Whether this cgroup's own limit was reached; when not, the whole machine ran out of memory. */
  ownLimitReached: boolean;
}

/** One container's limits and processes. In v1 it is a folder per controller, in v2 a single one, none without cgroups. */
export interface Cgroup {
  readonly name: string;
  readonly folders: readonly string[];
  /** Writing a pid to each of them puts that process, and all it starts, under the limits. */
  readonly procsFiles: readonly string[];
  /** Told of the process that is to become the container, for those who cannot see it enter. */
  follow(pid: number, isAlive: () => boolean): void;
  /** The processes in it, each once. */
  pids(): number[];
  /** SIGKILL to all of them. */
  kill(): void;
  /** Kills until nothing is left; false when something still is after some seconds. */
  empty(): Promise<boolean>;
  /** Removes what is empty; false when the kernel refuses. */
  remove(): Promise<boolean>;
  /** Replaces the limits, at once: the kernel's files do not block. Throws `SandboxError`. */
  setLimits(limits: CgroupLimits): void;
  /** What the kernel holds now, to be compared with what was asked for. */
  readLimits(): Promise<CgroupLimits>;
  readOom(): OomCount;
}

/** Where this process may make cgroups. */
export interface CgroupTree {
  readonly version: 'cgroup-v1' | 'cgroup-v2' | 'rlimits';
  /** The folders that new cgroups appear in. */
  readonly parents: readonly string[];
  /** Rejects with `SandboxError`; leaves nothing behind then. */
  create(name: string, limits: CgroupLimits): Promise<Cgroup>;
}

/** Where the kernel's files are; tests put a fake tree there. */
export interface CgroupFiles {
  /** /sys/fs/cgroup */
  root: string;
  /** /proc/self/cgroup */
  self: string;
}

/** Period of the CPU quota in both versions, microseconds. */
export const CPU_PERIOD_US = 100_000;

/** What the kernel refuses is a sandbox that cannot be made. */
export const orSandboxError =
  (name: string, setLimits: (limits: CgroupLimits) => void): Cgroup['setLimits'] =>
  (limits) => {
    try {
      setLimits(limits);
    } catch (cause) {
      throw new SandboxError(`the limits of ${name} cannot be set: ${String(cause)}`, { cause });
    }
  };
