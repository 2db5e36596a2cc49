import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { CgroupTree } from './cgroup/cgroup.js';
import { type RunningContainer, startContainer } from './container.js';
import { type ContainerSpec, type FolderHandle, type Part, type Pod, SandboxError } from './engine.js';
import type { HostTools } from './host-tools.js';
import { parkLauncher } from './launcher.js';
import type { Log } from './log.js';
import type { NetworkNamespace } from './network-namespace.js';
import type { Owner } from './owner.js';
import { fillPartFolder, writePartFolder } from './part-folder.js';
import { createReserve } from './reserve.js';
import type { Roots } from './runtime/roots.js';
import type { PartUids } from './uid-block.js';
import type { Launch, Wall } from './walls/wall.js';

/** What an open pod holds of the host. */
export interface PodParts {
  tools: HostTools;
  tree: CgroupTree;
  owner: Owner;
  /** Empty, traversable, this pod's own. */
  folder: string;
  network: NetworkNamespace;
  uids: PartUids;
  root: Roots;
  wall: Wall;
  log: Log;
  /** Called once after closing; `areUidsFree` is false when a process of the pod still runs. */
  onClosed(areUidsFree: boolean): void;
}

/** What is started one upon the other: a server and its checks, or a server and the next one. */
const PARKED_LAUNCHERS = 2;

/** Kernel file systems of the sandbox itself, which nothing may cover. */
const RESERVED_TARGETS = ['/proc', '/dev', '/etc', '/usr', '/lib', '/lib64', '/bin', '/node_modules'];

export function createPod(parts: PodParts): Pod {
  const partOfFolder = new Map<FolderHandle, Part>();
  const containers = new Set<Promise<RunningContainer>>();
  const writings = new Set<Promise<void>>();
  const launchers = createReserve({
    size: PARKED_LAUNCHERS,
    make: () => parkLauncher(parts),
    isUsable: (launcher) => launcher.isAlive(),
    discard: (launcher) => launcher.remove(),
    log: parts.log,
  });
  launchers.refill();
  let closing: Promise<void> | null = null;

  const ensureOpen = () => {
    if (closing) throw new SandboxError('the pod is closed');
  };

  const start = async (spec: ContainerSpec): Promise<RunningContainer> => {
    checkSpec(spec, partOfFolder);
    const root = await parts.root(spec.root ?? 'node');
    const launcher = await launchers.take();
    const launch: Launch = {
      spec,
      name: launcher.cgroup.name,
      uid: parts.uids[spec.part],
      root,
      folder: join(parts.folder, `wall-${randomBytes(6).toString('hex')}`),
    };
    try {
      return await startContainer(launch, launcher, parts);
    } finally {
      launchers.refill(); // not before: it would take the processor from this start
    }
  };

  const written = async (writing: Promise<void>): Promise<void> => {
    writings.add(writing);
    await writing;
  };

  const close = async (): Promise<void> => {
    const parked = launchers.close();
    const [started] = await Promise.all([Promise.allSettled(containers), Promise.allSettled(writings)]);
    const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(running.map((container) => container.kill()));
    const areGone = await Promise.all(running.map(({ gone }) => gone));
    await parked;
    parts.network.close();
    await rm(parts.folder, { recursive: true, force: true }).catch((error: unknown) => {
      parts.log(`${parts.folder} cannot be removed: ${String(error)}`);
    });
    parts.onClosed(areGone.every(Boolean));
  };

  return {
    async addFiles(part, files) {
      ensureOpen();
      const handle = { hostPath: join(parts.folder, `${part}-${randomBytes(6).toString('hex')}`) };
      await written(writePartFolder(handle.hostPath, files, parts.uids[part]));
      partOfFolder.set(handle, part);
      return handle;
    },
    async fill(folder, files) {
      ensureOpen();
      const part = partOfFolder.get(folder);
      if (!part) throw new SandboxError('only a folder of this pod can be filled');
      await written(fillPartFolder(folder.hostPath, files, parts.uids[part]));
    },
    async start(spec) {
      ensureOpen();
      const starting = start(spec);
      containers.add(starting);
      return starting;
    },
    quiet: () => launchers.quiet(),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** A wrong spec is a fault of ours; what is checked here are the ways in which it could open the sandbox. */
function checkSpec(spec: ContainerSpec, partOfFolder: Map<FolderHandle, Part>): void {
  const refuse = (why: string): never => {
    throw new SandboxError(`the container cannot be started: ${why}`);
  };
  if (spec.command.length === 0) refuse('it has no command');
  for (const text of [...spec.command, spec.cwd, ...Object.entries(spec.env).flat()])
    if (text.includes('\0')) refuse('a NUL in its command, environment or folder');
  for (const name of Object.keys(spec.env))
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) refuse(`${JSON.stringify(name)} is no name for a variable`);
  for (const [target, folder] of Object.entries(spec.mounts)) {
    const isPlain = target.startsWith('/') && target === normalize(target) && !target.includes('\0');
    const isReserved = RESERVED_TARGETS.some((path) => target === path || target.startsWith(`${path}/`));
    if (!isPlain || target.endsWith('/') || isReserved)
      refuse(`nothing can be mounted on ${JSON.stringify(target)}`);
    if (partOfFolder.get(folder) !== spec.part)
      refuse(`the folder for ${target} is not of its part, or of another pod`);
  }
  for (const core of spec.cores ?? [])
    if (!Number.isInteger(core) || core < 0) refuse(`there is no core ${core}`);
  for (const [name, value] of Object.entries(spec.limits))
    if (!Number.isFinite(value) || value <= 0) refuse(`its limit ${name} is ${value}`);
}
