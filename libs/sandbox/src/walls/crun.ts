import { existsSync } from 'node:fs';
import { findTool } from '../host-tools.js';
import { openOci } from './oci.js';
import type { Wall, WallHost } from './wall.js';

/** crun's monitor and the init. */
const OWN_PIDS = 2;

/** A v2 tree that is mounted beside v1 ones. */
const HYBRID_TREE = '/sys/fs/cgroup/unified';
/** crun refuses to run where it sees one, even when it is to leave cgroups alone: cover it, for crun only. */
const COVER_TREE = `mount -t tmpfs -o ro hidden ${HYBRID_TREE} && exec "$@"`;

/** crun, which needs no more than its own user in the container's user namespace. */
export async function openCrun(host: WallHost): Promise<Wall> {
  const { tools, toolFolders } = host;
  const unshare = findTool('unshare', 'util-linux', toolFolders);
  const cover = existsSync(HYBRID_TREE)
    ? [unshare, '--mount', '--', tools.sh, '-c', `PATH=${toolFolders.join(':')} ${COVER_TREE}`, 'cover-tree']
    : [];
  return openOci(host, {
    path: findTool('crun', 'crun', toolFolders),
    ownPids: OWN_PIDS,
    options: ['--cgroup-manager=disabled'],
    mapsItself: true,
    userOf: (uid) => uid,
    enter: (uid) => [
      ...cover,
      ...[tools.setpriv, `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--bounding-set=-all'],
      ...['--no-new-privs', '--pdeathsig', 'KILL', '--'],
    ],
  });
}
