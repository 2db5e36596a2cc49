import { findTool } from '../host-tools.js';
import { openOci } from './oci.js';
import { INNER_ID } from './oci-config.js';
import type { Wall, WallHost } from './wall.js';

/** runc's monitor, a Go program with about nine threads, and the init. */
const OWN_PIDS = 16;

/** runc must be user 0 of the container's user namespace, which is a user of its own outside: far from every part's. */
const RUNTIME_UID_DISTANCE = 10_000_000;

/**
 * Runs as root: makes a user namespace with two users, and enters it as its user 0. Arguments: unshare, sh, nsenter,
 * the outer ids of users 0 and 1000, and the program that follows. The kernel wants each map in one write, which dash
 * does and bash does not. The process that made the namespace ends when its stdin does: as bash becomes nsenter.
 */
const ENTER_USER_NAMESPACE = `
coproc maker { exec "$1" --user -- "$2" -c 'echo; read -r _'; }
read -r _ <&"\${maker[0]}" || exit 1
"$2" -c '
  for map in uid_map gid_map; do
    printf "0 %s 1\\n${INNER_ID} %s 1\\n" "$2" "$3" > "/proc/$1/$map" || exit 1
  done' write-maps "$maker_PID" "$4" "$5" || exit 1
nsenter=$3; shift 5
exec "$nsenter" "--user=/proc/$maker_PID/ns/user" --setuid 0 --setgid 0 -- "$@"`;

/** runc, which also joins no cgroup but cannot do with one user. */
export async function openRunc(host: WallHost): Promise<Wall> {
  const { tools, toolFolders } = host;
  const unshare = findTool('unshare', 'util-linux', toolFolders);
  const userOf = (uid: number) => uid + RUNTIME_UID_DISTANCE;
  return openOci(host, {
    path: findTool('runc', 'runc', toolFolders),
    ownPids: OWN_PIDS,
    // Its warnings would mix with the container's output; what ends it, it also says on stderr.
    options: ['--rootless=true', '--log', '/dev/null'],
    mapsItself: false,
    userOf,
    enter: (uid) => [
      ...[tools.bash, '--norc', '--noprofile', '-c', ENTER_USER_NAMESPACE, 'enter-user-namespace'],
      ...[unshare, tools.sh, tools.nsenter, String(userOf(uid)), String(uid)],
      // A change of uid makes the kernel forget the launcher's --pdeathsig.
      ...[tools.setpriv, '--no-new-privs', '--pdeathsig', 'KILL', '--'],
    ],
  });
}
