import { spawn } from 'node:child_process';
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

/**
 * Starts a process that outlives this one: when its stdin closes, however we died, it kills what is left in our
 * cgroups and removes them. --die-with-parent is faster, but a container that is being started at that moment may miss
 * the signal: the kernel forgets it whenever a process changes its uid. Gives what ends the watch.
 */
export function startDeathWatch(tools: HostTools, owner: Owner, parents: readonly string[]): () => void {
  const watch = spawn(tools.sh, ['-c', WATCH, 'assay-death-watch', cgroupName(owner, ''), ...parents], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    // In a session of its own: whoever kills our whole group leaves it be.
    detached: true,
  });
  watch.on('error', () => undefined); // without it --die-with-parent still holds, and the next start sweeps
  watch.stdin.on('error', () => undefined);
  watch.unref();
  return () => watch.stdin.end();
}
