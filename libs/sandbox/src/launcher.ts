import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cgroup, CgroupLimits, CgroupTree } from './cgroup/cgroup.js';
import { SandboxError } from './engine.js';
import type { HostTools } from './host-tools.js';
import { isLiving } from './living-process.js';
import type { Log } from './log.js';
import type { NetworkNamespace } from './network-namespace.js';
import { cgroupName, type Owner } from './owner.js';
import { CONTROL_FD, FILTER_FD, OPTIONS_FD, READY_FD, type Wall, type WallCommand } from './walls/wall.js';

/** Where a launcher hears what to become; closed before the wall. */
const COMMAND_FD = 6;

/**
 * Runs as root on the host, in the pod's network namespace: into the cgroup, then waits. Values come as arguments and
 * on a descriptor, never as text of the script. The worker may have died before --pdeathsig was set: then our parent
 * is another; or before it said a command: then there is none.
 * bash, because dash cannot close descriptors above 9; node closes only those that it opened itself.
 */
const LAUNCHER = `
[ "$PPID" = "$1" ] || { echo 'the worker is gone' >&2; exit 1; }
exec ${FILTER_FD}<"$2" || exit 1
shift 2
for procs in "$@"; do echo $$ > "$procs" || exit 1; done
for path in /proc/$$/fd/*; do
  fd=\${path##*/}
  case $fd in 0 | 1 | 2 | ${READY_FD} | ${OPTIONS_FD} | ${CONTROL_FD} | ${COMMAND_FD} | ${FILTER_FD}) ;; *) exec {fd}>&- ;; esac
done
echo >&${READY_FD}
mapfile -d '' -t -u ${COMMAND_FD} command
exec ${COMMAND_FD}<&-
[ "\${#command[@]}" -gt 2 ] || exit 1
[ "\${command[0]}" = control ] || exec ${CONTROL_FD}<&-
[ -z "\${command[1]}" ] || ulimit \${command[1]} || exit 1
exec -c "\${command[@]:2}"`;

/** While it waits: bash takes some 2 MiB. What it becomes has limits of its own. */
const PARKED_LIMITS: CgroupLimits = { memoryBytes: 32 * 2 ** 20, pids: 4, cpus: 1 };
const PARK_WITHIN_MS = 10_000;
/** After SIGKILL a process is gone in milliseconds, unless the kernel itself hangs. */
export const DIE_WITHIN_MS = 10_000;

/** Where launchers are parked: in one pod. */
export interface LauncherPlace {
  tools: HostTools;
  tree: CgroupTree;
  owner: Owner;
  wall: Wall;
  network: NetworkNamespace;
  log: Log;
}

/**
 * A process in a cgroup of its own and in the pod's network, with nothing of the worker but pipes to it, that waits to
 * become a container. Used once; dies with the worker.
 */
export interface Launcher {
  readonly cgroup: Cgroup;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** A line comes when the container stands. */
  readonly ready: Duplex;
  readonly control: Duplex;
  /** How the process ended; `closed` is when its pipes did too. Neither rejects. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly closed: Promise<void>;
  isAlive(): boolean;
  /** Its cgroup must have the container's limits by now. `hasControl`: whether the command keeps descriptor 5. */
  become(command: WallCommand, hasControl: boolean): void;
  /** SIGKILL to it and all that it started; whoever wants to know waits for `ended` and the cgroup. */
  kill(): void;
  /** Ends it and removes its cgroup; false, with a line in the log, when the kernel does not let go of something. */
  remove(): Promise<boolean>;
}

/** Starts a launcher and waits until it is parked. Rejects with `SandboxError`, leaving nothing behind. */
export async function parkLauncher(place: LauncherPlace): Promise<Launcher> {
  const { tools, tree, owner, wall, network, log } = place;
  const cgroup = await tree.create(cgroupName(owner, randomBytes(6).toString('hex')), PARKED_LIMITS);
  // An empty environment: what we hold must not even reach the programs before the wall.
  const child = spawn(
    tools.setpriv,
    [
      ...['--pdeathsig', 'KILL', '--', tools.nsenter, ...network.enter, '--'],
      ...[tools.bash, '--norc', '--noprofile', '-c', LAUNCHER, 'launcher'],
      ...[String(process.pid), wall.filterFile, ...cgroup.procsFiles],
    ],
    { env: {}, cwd: '/', stdio: Array.from({ length: COMMAND_FD + 1 }, () => 'pipe' as const) },
  );
  if (child.pid === undefined) {
    const [cause] = await once(child, 'error');
    await cgroup.remove();
    throw new SandboxError(`${tools.setpriv} cannot be started: ${String(cause)}`, { cause });
  }
  const launcher = launcherOf(child, cgroup, log);
  const reported = once(launcher.ready, 'data').then(
    () => true,
    () => false,
  );
  const tooLong = delay(PARK_WITHIN_MS, false, { ref: false });
  if (await Promise.race([reported, launcher.ended.then(() => false), tooLong])) return launcher;
  const said = text(launcher.stderr).catch(String);
  const why = (await launcher.remove()) ? (await said).trim() : 'its launcher cannot be ended';
  throw new SandboxError(`the sandbox did not start: ${why || 'its launcher said nothing'}`);
}

function launcherOf(child: ChildProcess, cgroup: Cgroup, log: Log): Launcher {
  const stdio = child.stdio as unknown as [Writable, Readable, Readable, Duplex, ...Writable[]]; // as spawned
  for (const pipe of stdio) pipe.on('error', () => undefined); // EPIPE: its end says what there is to say
  const [stdin, stdout, stderr, ready] = stdio;
  const [options, control, command] = stdio.slice(OPTIONS_FD) as [Writable, Duplex, Writable]; // 4, 5 and 6; spawn makes sockets
  const ended = new Promise<Awaited<Launcher['ended']>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = () => {
    cgroup.kill(); // first: without cgroups what the launcher has started is found by it
    child.kill('SIGKILL');
  };
  const { pid } = child;
  // The kernel knows of its end before node tells us.
  const isAlive = () =>
    child.exitCode === null && child.signalCode === null && pid !== undefined && isLiving(pid);
  if (pid !== undefined) cgroup.follow(pid, isAlive);
  return {
    ...{ cgroup, stdin, stdout, stderr, ready, control, ended, closed, kill },
    isAlive,
    become({ argv, ulimits, options: wallOptions }, hasControl) {
      options.end(wallOptions);
      const words = [hasControl ? 'control' : '', ulimits, ...argv];
      command.end(words.map((word) => `${word}\0`).join(''));
      if (!hasControl) control.destroy();
    },
    async remove() {
      kill();
      await Promise.race([ended, delay(DIE_WITHIN_MS, null, { ref: false })]);
      const isGone = (await cgroup.empty()) && (await cgroup.remove());
      if (!isGone) log(`the sandbox ${cgroup.name} could not be ended: its processes survive SIGKILL`);
      return isGone;
    },
  };
}
