import type { Cgroup } from './cgroup/cgroup.js';
import type { HostTools } from './host-tools.js';
import { CONTROL_FD, FILTER_FD, OPTIONS_FD, READY_FD, type Wall } from './walls/wall.js';

/**
 * Runs as root on the host: into the cgroup, then on to the rest. Values come as arguments, never as text of the
 * script. The worker may have died before --pdeathsig was set: then our parent is another.
 * bash, because dash cannot close descriptors above 9; node closes only those that it opened itself.
 */
const ENTER_CGROUP = `
[ "$PPID" = "$1" ] || { echo 'the worker is gone' >&2; exit 1; }
exec ${FILTER_FD}<"$2" || exit 1
count=$3; shift 3
while [ "$count" -gt 0 ]; do echo $$ > "$1" || exit 1; shift; count=$((count - 1)); done
for path in /proc/$$/fd/*; do
  fd=\${path##*/}
  case $fd in 0 | 1 | 2 | ${READY_FD} | ${OPTIONS_FD} | ${CONTROL_FD} | ${FILTER_FD}) ;; *) exec {fd}>&- ;; esac
done
exec "$@"`;

/** argv of the chain that every container starts in: cgroup → network namespace → the wall's own. */
export function launcherCommand(
  tools: HostTools,
  cgroup: Cgroup,
  networkPath: string,
  wall: Wall,
): [string, ...string[]] {
  return [
    tools.setpriv,
    ...['--pdeathsig', 'KILL', '--'],
    ...[tools.bash, '--norc', '--noprofile', '-c', ENTER_CGROUP, 'enter-cgroup'],
    ...[String(process.pid), wall.filterFile, String(cgroup.procsFiles.length), ...cgroup.procsFiles],
    ...[tools.nsenter, `--net=${networkPath}`, '--'],
  ];
}
