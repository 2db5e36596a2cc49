import type { Duplex, Readable, Writable } from 'node:stream';

/** Runs untrusted code in pods. Knows nothing of tasks, checks or grading. */
export interface SandboxEngine {
  /** Proves every guarantee by trying to break it; throws `EngineUnavailable` that names each one missing. */
  selfTest(): Promise<EngineReport>;
  /** A fresh network namespace and an empty set of folders. Rejects with `SandboxError` when it cannot be made. */
  openPod(): Promise<Pod>;
  /** Kills and removes everything this engine made. */
  close(): Promise<void>;
}

/** What graded a submission; kept with every grading. */
export interface EngineReport {
  /** e.g. `bubblewrap 0.8.0` */
  engine: string;
  /** `cgroup-v1` or `cgroup-v2` */
  limits: string;
  guarantees: readonly string[];
  /** Those that hold more weakly than they should, with what to do; empty for a worker that is root. */
  degraded: readonly string[];
}

/** The parties of a pod: each runs under its own outer uid with its own mount, pid and user namespaces. */
export const PARTS = ['candidate', 'checks', 'postgres', 'redis', 'upstream', 'mail', 'balancer'] as const;
export type Part = (typeof PARTS)[number];

/** Which programs a container finds: Node (the worker's own, or of a major version). Made when first asked for. */
export type RootName = 'node' | 'node20' | 'node22' | 'node24' | 'postgres' | 'redis';

/** Containers that share one loopback and nothing else. */
export interface Pod {
  /** Copies files into a fresh read-only folder that only `part` may read; gives its handle for `mounts`. */
  addFiles(part: Part, files: readonly { path: string; content: string }[]): Promise<FolderHandle>;
  /** Adds files to such a folder, which containers may have mounted already: only while nothing untrusted runs as its part. */
  fill(folder: FolderHandle, files: readonly { path: string; content: string }[]): Promise<void>;
  /** Rejects with `SandboxError` (ours, never the candidate's) when the container cannot be started. */
  start(spec: ContainerSpec): Promise<Container>;
  /**
   * For measuring: resolves once nothing is being made ready for later starts; nothing will be until the returned
   * function has been called. Starts meanwhile work, and are slower when nothing is ready.
   */
  quiet(): Promise<() => void>;
  /** Kills every container, waits until each cgroup is empty, removes folders. Never rejects twice. */
  close(): Promise<void>;
}

/** Opaque: a folder that `addFiles` made. */
export interface FolderHandle {
  readonly hostPath: string;
}

export interface ContainerSpec {
  part: Part;
  /** `node` if not said. */
  root?: RootName;
  /** Gives the command a pipe to us as descriptor 5, which it closes before anything untrusted runs. */
  control?: boolean;
  /** argv; argv[0] is a path inside the sandbox. `/usr/bin/node` is there. */
  command: readonly string[];
  /** The whole environment; nothing is inherited. PATH, HOME and TZ=UTC are added. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** The cores it may run on; those that this process may not use itself are left out, and all if none remains. */
  cores?: readonly number[];
  /** Read-only folders, by target path inside the sandbox. */
  mounts: Readonly<Record<string, FolderHandle>>;
  limits: Limits;
}

export interface Limits {
  memoryBytes: number;
  /** Processes and threads together. */
  pids: number;
  /** CPUs, e.g. 1.5. */
  cpus: number;
  /** stdout and stderr together; more ends the container with `output_exceeded`. */
  outputBytes: number;
  /** Size of /tmp, and of any one file. */
  tmpBytes: number;
  /** Open files of one process; 256 if not said. */
  openFiles?: number;
  /** Life of the container, with `control` from the moment we ended that; more ends it with `timed_out`. */
  wallMs: number;
}

export interface Container {
  readonly stdin: Writable;
  /** Our end of descriptor 5, where `control` asked for it; what the command writes there can be read. */
  readonly control: Duplex | null;
  /**
   * Raw stdout, for a party that speaks a protocol. Reading it is optional: whoever does not still gets `outputTail`.
   * Counts towards `outputBytes` either way.
   */
  readonly stdout: Readable;
  /** Resolves once the process has ended, its descendants are gone and its cgroup is empty. Never rejects. */
  readonly exited: Promise<Exit>;
  /** The last bytes (at most 16 KiB) of stdout and stderr as they came, as UTF-8 with invalid bytes replaced. */
  outputTail(): string;
  /** SIGKILL to everything in the container; resolves as `exited`. */
  kill(): Promise<Exit>;
  /** Sends a signal to the container's own command, never to what that has started; false when it has ended. */
  signal(name: NodeJS.Signals): boolean;
  /** What runs in the container at this moment, as the host sees it. */
  usage(): Usage;
}

/** Sums over all that a container runs, without what belongs to the sandbox itself. All 0 once it has ended. */
export interface Usage {
  /** Memory that is neither a file's nor shared: heaps, buffers, stacks. */
  rssAnonBytes: number;
  threads: number;
  processes: number;
}

/** Why a container ended, from the kernel's and our own counters, never from what the process says. */
export interface Exit {
  cause: 'exited' | 'killed' | 'memory_exceeded' | 'output_exceeded' | 'timed_out';
  /** Exit status of the process when it ended by itself, else null. */
  code: number | null;
  /** Signal that ended it, when one did. */
  signal: string | null;
  /** Processes that the kernel killed for memory. */
  oomKills: number;
}

/** A sandbox could not be made or kept: our failure, never the candidate's. */
export class SandboxError extends Error {
  override name = 'SandboxError';
}

/** No grading is possible on this machine as it is; each entry says what is missing and what to do. */
export class EngineUnavailable extends SandboxError {
  override name = 'EngineUnavailable';
  constructor(readonly missing: readonly string[]) {
    super(`the sandbox cannot be trusted on this machine: ${missing.join('; ')}`);
  }
}
