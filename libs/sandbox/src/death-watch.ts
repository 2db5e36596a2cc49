import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { HostTools } from './host-tools.js';
import { cgroupName, type Owner } from './owner.js';

/** `$1`: how our cgroups' names begin; then the folders they appear in. Rounds of 50 ms, because a kill takes a while. */
const WATCH = `
read -r _
name=$1; shift
for _ in $(seq 100); do
  left=
  for parent in "$@"; do
    for procs in "$parent/$name"*/cgroup.procs; do
      [ -e "$procs" ] || continue
      left=1
      while read -r pid; do kill -9 "$pid"; done < "$procs"
      rmdir "\${procs%/*}"
    done
  done
  [ -z "$left" ] && exit
  sleep 0.05
done`;

/** Rounds as above. `stat` cannot look at processes of other users: their lines are missing. */
const NETWORK_WATCH = `
declare -A ours
while read -r verb network; do
  if [ "$verb" = add ]; then ours[$network]=1; else unset "ours[$network]"; fi
done
for _ in {1..100}; do
  left=
  while read -r network path; do
    [ -n "\${ours[$network]}" ] || continue
    left=1
    path=\${path#/proc/}
    kill -9 "\${path%%/*}"
  done < <(stat -L -c '%i %n' /proc/[0-9]*/ns/net 2>/dev/null)
  [ -z "$left" ] && exit
  sleep 0.05
done`;

export interface DeathWatch {
  /** Our end of its stdin, which the kernel closes when we die. */
  readonly lifeline: Writable;
  /** Told of the network namespace of a new pod, and of one that is no more. Its number may be another's afterwards. */
  add(network: string): void;
  remove(network: string): void;
  end(): void;
}

/**
 * Starts a process that outlives this one: when its stdin closes, however we died, it kills what is left in our
 * cgroups and removes them. --die-with-parent is faster, but a container that is being started at that moment may miss
 * the signal: the kernel forgets it whenever a process changes its uid.
 */
export function startDeathWatch(tools: HostTools, owner: Owner, parents: readonly string[]): DeathWatch {
  const command = [tools.sh, '-c', WATCH, 'assay-death-watch', cgroupName(owner, ''), ...parents];
  const watch = startWatch(command);
  // Not by the end of its stdin: it would kill what another engine of this process holds.
  const end = () => void watch.kill('SIGKILL');
  return { lifeline: watch.stdin, add: () => undefined, remove: () => undefined, end };
}

/** The same without cgroups, by the network namespaces of pods, which nothing in them can leave. */
export function startNetworkDeathWatch(tools: HostTools): DeathWatch {
  const { stdin } = startWatch([
    tools.bash,
    '--norc',
    '--noprofile',
    '-c',
    NETWORK_WATCH,
    'assay-death-watch',
  ]);
  return {
    lifeline: stdin,
    add: (network) => void stdin.write(`add ${network}\n`),
    remove: (network) => void stdin.write(`remove ${network}\n`),
    end: () => void stdin.end(),
  };
}

function startWatch([program = '', ...args]: readonly string[]): ChildProcessByStdio<Writable, null, null> {
  const watch = spawn(program, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    // In a session of its own: whoever kills our whole group leaves it be.
    detached: true,
  });
  watch.on('error', () => undefined); // without it --die-with-parent still holds, and the next start sweeps
  watch.stdin.on('error', () => undefined);
  watch.unref();
  return watch;
}
