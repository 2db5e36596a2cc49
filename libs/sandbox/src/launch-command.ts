import type { Cgroup } from './cgroup/cgroup.js';
import type { ContainerSpec } from './engine.js';
import type { HostTools } from './host-tools.js';

/** Descriptors of the launch besides stdio. All but CONTROL_FD are closed before the sandbox's program starts. */
export const READY_FD = 3;
export const OPTIONS_FD = 4;
/** The one that stays open for the command, where the spec asks for it. */
export const CONTROL_FD = 5;
const SECCOMP_FD = 9;

/**
 * Runs as root on the host: into the cgroup, then on to the rest. Values come as arguments, never as text of the
 * script. The worker may have died before --pdeathsig was set: then our parent is another.
 * bash, because dash cannot close descriptors above 9; node closes only those that it opened itself.
 */
const ENTER_CGROUP = `
[ "$PPID" = "$1" ] || { echo 'the worker is gone' >&2; exit 1; }
exec ${SECCOMP_FD}<"$2" || exit 1
count=$3; shift 3
while [ "$count" -gt 0 ]; do echo $$ > "$1" || exit 1; shift; count=$((count - 1)); done
for path in /proc/$$/fd/*; do
  fd=\${path##*/}
  case $fd in 0 | 1 | 2 | ${READY_FD} | ${OPTIONS_FD} | ${CONTROL_FD} | ${SECCOMP_FD}) ;; *) exec {fd}>&- ;; esac
done
exec "$@"`;

/** Runs inside the sandbox, before anything untrusted: tells the worker that it stands. */
const REPORT_READY = `echo >&${READY_FD}; exec ${READY_FD}>&-; exec "$@"`;

const MAX_OPEN_FILES = 256;
const SHM_BYTES = 1024 * 1024;
const INNER_ID = '1000';

/** bwrap's monitor and its init: they count towards pids.max, and are not the container's own. */
export const PIDS_OF_BWRAP = 2;

export interface Launch {
  spec: ContainerSpec;
  tools: HostTools;
  cgroup: Cgroup;
  uid: number;
  /** Path for nsenter. */
  network: string;
  /** The compiled filter. */
  seccompFile: string;
  /** Top of the runtime root: what to bind and what to link. */
  root: { path: string; folders: readonly string[]; links: Readonly<Record<string, string>> };
}

/** argv of the whole chain: cgroup → network namespace → uid → rlimits → bwrap → the container's command. */
export function launchCommand({
  spec,
  tools,
  cgroup,
  uid,
  network,
  seccompFile,
}: Launch): [string, ...string[]] {
  return [
    tools.setpriv,
    ...['--pdeathsig', 'KILL', '--'],
    ...[tools.bash, '--norc', '--noprofile', '-c', ENTER_CGROUP, 'enter-cgroup'],
    ...[String(process.pid), seccompFile, String(cgroup.procsFiles.length), ...cgroup.procsFiles],
    ...[tools.nsenter, `--net=${network}`, '--'],
    ...[tools.setpriv, `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--bounding-set=-all'],
    ...['--no-new-privs', '--pdeathsig', 'KILL', '--'],
    ...[tools.prlimit, '--core=0', `--nofile=${MAX_OPEN_FILES}`, `--fsize=${spec.limits.tmpBytes}`],
    ...['--memlock=65536', '--msgqueue=0', '--'],
    ...[tools.bwrap, '--args', String(OPTIONS_FD), '--'],
    ...['/usr/bin/sh', '-c', REPORT_READY, 'report-ready', ...spec.command],
  ];
}

/**
 * bwrap's options, NUL-separated for --args: kept off its command line, which the sandbox can read as /proc/1/cmdline.
 * The root is a tmpfs that holds the mounts, made read-only at the end.
 */
export function bwrapOptions({ spec, root }: Launch): string {
  const options = [
    ...[
      '--unshare-user',
      '--unshare-ipc',
      '--unshare-pid',
      '--unshare-uts',
      '--unshare-cgroup',
      '--disable-userns',
    ],
    ...['--die-with-parent', '--new-session', '--clearenv', '--hostname', 'sandbox'],
    ...['--uid', INNER_ID, '--gid', INNER_ID, '--cap-drop', 'ALL'],
    ...Object.entries({ PATH: '/usr/bin', HOME: '/tmp', TZ: 'UTC', ...spec.env }).flatMap(([name, value]) => [
      '--setenv',
      name,
      value,
    ]),
    ...root.folders.flatMap((name) => ['--ro-bind', `${root.path}/${name}`, `/${name}`]),
    ...Object.entries(root.links).flatMap(([name, target]) => ['--symlink', target, `/${name}`]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...[
      '--size',
      String(spec.limits.tmpBytes),
      '--tmpfs',
      '/tmp',
      '--size',
      String(SHM_BYTES),
      '--tmpfs',
      '/dev/shm',
    ],
    ...Object.entries(spec.mounts).flatMap(([target, folder]) => ['--ro-bind', folder.hostPath, target]),
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', spec.cwd],
    ...['--seccomp', String(SECCOMP_FD)],
  ];
  return options.map((option) => `${option}\0`).join('');
}
