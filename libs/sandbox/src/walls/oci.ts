import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SandboxError } from '../engine.js';
import { findTool } from '../host-tools.js';
import { encodeProgram } from '../seccomp/bpf.js';
import { seccompProgram } from '../seccomp/seccomp-program.js';
import { makePassage } from '../traversable-folder.js';
import { endStatus } from './end-status.js';
import { ociConfig } from './oci-config.js';
import { createRootfs } from './oci-rootfs.js';
import { seccompProfile } from './seccomp-profile.js';
import { CONTROL_FD, OPTIONS_FD, type Wall, type WallHost } from './wall.js';

const STDERR_FD = 2;
const STATE = 'state';
/** Nobody may read it: a program that its user cannot read has a /proc/<pid> that the user cannot look into. */
const EXECUTE_ONLY = 0o111;

/** What is particular to one OCI runtime. */
export interface OciRuntime {
  /** The program. */
  path: string;
  /** As in `Wall`. */
  ownPids: number;
  /** Options before `run`. */
  options: readonly string[];
  /** Whether its user maps 1000 inside to itself; not where `enter` brings it into a user namespace that does. */
  mapsItself: boolean;
  /** Outer id of the user that it runs as, for a container whose own is `uid`. */
  userOf(uid: number): number;
  /** argv that becomes that user, and then the program that follows. */
  enter(uid: number): readonly string[];
}

/**
 * A wall of an OCI runtime that is run as an unprivileged user, which cannot touch cgroups: the container stays in
 * ours. Inside, process 1 is tini, since the runtimes bring no init and node would ignore signals as process 1.
 */
export async function openOci(host: WallHost, runtime: OciRuntime): Promise<Wall> {
  const initFile = join(host.folder, 'init');
  await copyFile(findTool('tini-static', 'tini', host.toolFolders), initFile);
  await chmod(initFile, EXECUTE_ONLY);
  const rootfsOf = createRootfs(await makePassage(host.folder, 'rootfs'));
  const seccomp = seccompProfile(host.arch);
  const filter = encodeProgram(seccompProgram(host.arch));
  const { stdout } = await promisify(execFile)(runtime.path, ['--version'], { env: {} });
  return {
    name: stdout.split('\n')[0]?.replace(' version', '') ?? runtime.path,
    ownPids: runtime.ownPids,
    // The filter is part of the configuration.
    filterFile: '/dev/null',
    async command(launch) {
      const { uid, name, folder, spec } = launch;
      if (uid === null) throw new SandboxError('an OCI runtime needs a worker that runs as root');
      const config = ociConfig({
        ...{ launch, rootfs: await rootfsOf(launch), initFile, seccomp, filter },
        mapTo: runtime.mapsItself ? uid : null,
      });
      await writeBundle(folder, config, runtime.userOf(uid));
      const lastFd = spec.control ? CONTROL_FD : OPTIONS_FD;
      return {
        argv: [
          ...runtime.enter(uid),
          ...[runtime.path, '--root', join(folder, STATE), ...runtime.options],
          ...['run', `--preserve-fds=${lastFd - STDERR_FD}`, '--bundle', folder, name],
        ],
        // They are in the configuration: the runtimes themselves need more.
        ulimits: '',
        options: '',
      };
    },
    readEnd: endStatus,
  };
}

/** A file, because a runtime opens it by its path, which cannot be done to our descriptors: they are sockets. */
async function writeBundle(folder: string, config: object, user: number): Promise<void> {
  // Nobody else may look at the runtime's own notes of the container either.
  const state = join(folder, STATE);
  await mkdir(state, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o444 });
  await chown(state, user, user);
  await chown(folder, user, user);
}
