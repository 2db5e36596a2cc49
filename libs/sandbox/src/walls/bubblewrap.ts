import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostTools } from '../host-tools.js';
import { encodeProgram } from '../seccomp/bpf.js';
import { seccompProgram } from '../seccomp/seccomp-program.js';
import { endStatus } from './end-status.js';
import { limitAndReportReadyThen, reportReadyThen } from './report-ready.js';
import { FILTER_FD, type Launch, OPTIONS_FD, type Wall, type WallCommand, type WallHost } from './wall.js';

const MAX_OPEN_FILES = 256;
const KIB = 1024;
const SHM_BYTES = 1024 * KIB;
const INNER_ID = '1000';
/** bwrap's monitor and its init. */
const OWN_PIDS = 2;

/** bubblewrap, run as an unprivileged user from before bwrap on. The wall of a worker that is not root, too. */
export async function openBubblewrap({ tools, arch, folder }: WallHost): Promise<Wall> {
  const filterFile = join(folder, 'filter.bpf');
  await writeFile(filterFile, encodeProgram(seccompProgram(arch)), { mode: 0o600 });
  const { stdout } = await promisify(execFile)(tools.bwrap, ['--version']);
  return {
    name: stdout.trim(),
    ownPids: OWN_PIDS,
    filterFile,
    command: async (launch) => bubblewrapCommand(tools, launch),
    readEnd: endStatus,
  };
}

/** Uid → bwrap → the container's command. */
export function bubblewrapCommand(tools: HostTools, launch: Launch): WallCommand {
  const { spec, uid } = launch;
  return {
    argv: [
      tools.setpriv,
      ...(uid === null ? [] : [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--bounding-set=-all']),
      // A change of uid makes the kernel forget the launcher's --pdeathsig.
      ...['--no-new-privs', '--pdeathsig', 'KILL', '--'],
      ...[tools.bwrap, '--args', String(OPTIONS_FD), '--'],
      ...(uid === null ? limitAndReportReadyThen(spec.limits, spec.command) : reportReadyThen(spec.command)),
    ],
    // Core dumps, open files, KiB of a file, KiB of locked memory, bytes of message queues.
    ulimits: `-c 0 -n ${spec.limits.openFiles ?? MAX_OPEN_FILES} -f ${Math.ceil(spec.limits.tmpBytes / KIB)} -l 64 -q 0`,
    options: bwrapOptions(launch),
  };
}

/**
 * bwrap's options, NUL-separated for --args: kept off its command line, which the sandbox can read as /proc/1/cmdline.
 * The root is a tmpfs that holds the mounts, made read-only at the end.
 */
function bwrapOptions({ spec, root }: Launch): string {
  const options = [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup'],
    ...['--disable-userns', '--die-with-parent', '--new-session', '--clearenv', '--hostname', 'sandbox'],
    ...['--uid', INNER_ID, '--gid', INNER_ID, '--cap-drop', 'ALL'],
    ...Object.entries({ PATH: '/usr/bin', HOME: '/tmp', TZ: 'UTC', ...spec.env }).flatMap(([name, value]) => [
      '--setenv',
      name,
      value,
    ]),
    ...root.folders.flatMap((name) => ['--ro-bind', `${root.path}/${name}`, `/${name}`]),
    ...Object.entries(root.links).flatMap(([name, target]) => ['--symlink', target, `/${name}`]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--size', String(spec.limits.tmpBytes), '--tmpfs', '/tmp'],
    ...['--size', String(SHM_BYTES), '--tmpfs', '/dev/shm'],
    ...Object.entries(spec.mounts).flatMap(([target, folder]) => ['--ro-bind', folder.hostPath, target]),
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', spec.cwd],
    ...['--seccomp', String(FILTER_FD)],
  ];
  return options.map((option) => `${option}\0`).join('');
}
