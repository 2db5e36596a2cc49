import type { ContainerSpec } from '../engine.js';
import type { HostTools } from '../host-tools.js';
import type { SandboxArch } from '../seccomp/syscall-table.js';

/** Descriptors of a start besides stdio. The launcher has closed every other; only these may go through a wall. */
export const READY_FD = 3;
export const OPTIONS_FD = 4;
/** The one that stays open for the container's command, where the spec asks for it. */
export const CONTROL_FD = 5;
/** `Wall.filterFile`, opened while we are still root. */
export const FILTER_FD = 9;

/** Top of a runtime root: what to bind and what to link. */
export interface RuntimeRoot {
  path: string;
  folders: readonly string[];
  links: Readonly<Record<string, string>>;
}

/** One container, as a wall is asked to start it. */
export interface Launch {
  spec: ContainerSpec;
  /** Its cgroup's name, unique on this machine. */
  name: string;
  /** Outer user and group id; null where the worker is an ordinary user, who can neither change his nor make cgroups. */
  uid: number | null;
  root: RuntimeRoot;
  /** Of this container alone and not made yet, for a wall that needs files of its own. Removed with the pod. */
  folder: string;
}

export interface WallCommand {
  /**
   * What the launcher becomes (execve): as root, in the container's cgroup and the pod's network namespace, without
   * environment, in `/`, with stdio and the descriptors above. The sandbox must not be able to read secrets in it.
   */
  argv: readonly string[];
  /** Limits of the process itself, as bash's `ulimit` takes them: `-c 0 -n 256`. Empty for none. */
  ulimits: string;
  /** All that can be read from OPTIONS_FD. */
  options: string;
}

export interface EndStatus {
  code: number | null;
  signal: string | null;
}

/**
 * What stands between a container and the host. All else is the same for every wall: network namespace, user ids,
 * folders, cgroups, output, time. Whoever implements one promises:
 * - inside, process 1 is an init of the wall's, and the spec's command a child of it;
 * - a line with the command's process id in there is written to READY_FD, when the wall stands and just before the
 *   command begins (`reportReadyThen`);
 * - the command has stdio, CONTROL_FD where the spec wants it, and no other descriptor;
 * - the process that `argv` became ends when the command does, by `readEnd`'s rules, and everything inside dies with it.
 */
export interface Wall {
  /** With its version, kept with every grading: `bubblewrap 0.8.0`. */
  readonly name: string;
  /** Processes in each container's cgroup that are the wall's own; pids.max has room for them. */
  readonly ownPids: number;
  /** Opened for reading as FILTER_FD before the wall starts. */
  readonly filterFile: string;
  command(launch: Launch): Promise<WallCommand>;
  /** The command's end, from that of the process `argv` became. */
  readEnd(code: number | null, signal: NodeJS.Signals | null): EndStatus;
}

/** What a wall is made from. */
export interface WallHost {
  tools: HostTools;
  /** Where the wall's own programs are looked for. */
  toolFolders: readonly string[];
  arch: SandboxArch;
  /** The engine's own, traversable; removed with it. */
  folder: string;
}

/** Rejects with `SandboxError` when this wall cannot be used on this machine, saying what to do. */
export type OpenWall = (host: WallHost) => Promise<Wall>;
