import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CgroupFiles, CgroupTree } from './cgroup/cgroup.js';
import { KERNEL_CGROUP_FILES, openCgroupTree } from './cgroup/open-cgroup-tree.js';
import { openWithoutCgroups } from './cgroup/without-cgroups.js';
import { type DeathWatch, startDeathWatch, startNetworkDeathWatch } from './death-watch.js';
import {
  type EngineReport,
  EngineUnavailable,
  type Pod,
  type SandboxEngine,
  SandboxError,
} from './engine.js';
import { findHostTools, type HostTools, TOOL_FOLDERS } from './host-tools.js';
import type { Log } from './log.js';
import { type NetworkNamespace, openNetworkNamespace } from './network-namespace.js';
import { currentOwner } from './owner.js';
import { createPod } from './pod.js';
import { createReserve } from './reserve.js';
import { createRoots, type Roots } from './runtime/roots.js';
import type { SandboxArch } from './seccomp/syscall-table.js';
import { proveGuarantees } from './self-test/prove-guarantees.js';
import { makeOwnerFolder, sweepLeftovers } from './sweep-leftovers.js';
import { makePassage, makeTraversableFolder } from './traversable-folder.js';
import { claimUidBlock, sharedUid, type UidBlock } from './uid-block.js';
import type { Wall } from './walls/wall.js';
import { WALLS, type WallName } from './walls/walls.js';

export interface SandboxOptions {
  /** `bwrap` if not said. */
  wall?: WallName;
  /** The data folder; everything of ours is made in `<home>/sandbox`. Every user must be able to pass through it. */
  home: string;
  /** A node_modules folder, offered as /node_modules; copied, so it may lie where only root can read. */
  runtimePackages: string;
  log?: Log;
  /** How many pods are kept ready, from the self-test on: as many as will be asked for at once. 0 if not said. */
  readyPods?: number;
  /** Where to find the host's programs and limits; for tests of a machine that lacks them. */
  host?: { toolFolders?: readonly string[]; cgroup?: CgroupFiles };
}

/** What was made ready for pods. */
interface Prepared {
  tools: HostTools;
  tree: CgroupTree;
  uids: UidBlock;
  arch: SandboxArch;
  /** This engine's own folder, below its process's. */
  folder: string;
  root: Roots;
  wall: Wall;
  deathWatch: DeathWatch;
}

/**
 * Runs pods behind the chosen wall, as root on the host and each part as an unprivileged user of its own; or, with bwrap, all as an
 * ordinary user, where the report says what holds more weakly (docs/adr/0015). Nothing is
 * done until `selfTest`, which prepares the machine and proves every guarantee; `openPod` refuses before it has passed.
 */
export function createSandboxEngine(options: SandboxOptions): SandboxEngine {
  const log = options.log ?? (() => undefined);
  const owner = currentOwner();
  const pods = new Set<Pod>();
  let preparing: Promise<Prepared> | null = null;
  let isProven = false;
  let isClosed = false;

  const prepared = (): Promise<Prepared> => {
    preparing ??= prepare(options, owner, log).catch((error: unknown) => {
      preparing = null; // the operator may have put it right when the next self-test comes
      throw error;
    });
    return preparing;
  };

  const openPod = async (): Promise<Pod> => {
    const { tools, tree, uids, folder, root, wall, deathWatch } = await prepared();
    if (isClosed) throw closedError();
    const podUids = uids.take();
    try {
      const podFolder = await makePassage(folder, randomBytes(6).toString('hex'));
      const made = await openNetworkNamespace(tools, isRoot());
      deathWatch.add(made.id);
      const network: NetworkNamespace = {
        ...made,
        close() {
          deathWatch.remove(made.id); // first: the number may be another's as soon as it is closed
          made.close();
        },
      };
      if (isClosed) {
        network.close();
        throw closedError();
      }
      const onClosed = (areUidsFree: boolean) => {
        pods.delete(pod);
        if (areUidsFree) uids.release(podUids);
      };
      const parts = {
        tools,
        tree,
        owner,
        folder: podFolder,
        network,
        uids: podUids,
        root,
        wall,
        log,
        onClosed,
      };
      const pod = createPod(parts);
      pods.add(pod);
      return pod;
    } catch (error) {
      uids.release(podUids);
      throw error;
    }
  };

  const ready = createReserve({
    size: options.readyPods ?? 0,
    make: async () => {
      const pod = await openPod();
      (await pod.quiet())(); // its launchers are parked by then
      return pod;
    },
    isUsable: () => true, // lost launchers are the pod's own affair
    discard: (pod) => pod.close(),
    log,
  });

  return {
    async selfTest(): Promise<EngineReport> {
      isProven = false;
      const { tools, tree, arch, wall } = await prepared();
      const report = await proveGuarantees({ openPod, tools, tree, arch, engine: wall.name });
      isProven = true;
      ready.refill();
      return report;
    },
    async openPod() {
      if (!isProven) throw new SandboxError('no pod before the self-test of the sandbox has passed');
      if (isClosed) throw closedError();
      const pod = await ready.take();
      ready.refill();
      return pod;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const held = await preparing?.catch(() => null);
      await ready.close();
      await Promise.all([...pods].map((pod) => pod.close()));
      if (held) await release(held);
    },
  };
}

const isRoot = () => process.getuid?.() === 0;

const closedError = () => new SandboxError('the sandbox engine is closed');

async function prepare(options: SandboxOptions, owner: string, log: Log): Promise<Prepared> {
  const missing: string[] = [];
  const orMissing = async <T>(step: Promise<T>): Promise<T | null> =>
    step.catch((error: unknown) => {
      missing.push(error instanceof Error ? error.message : String(error));
      return null;
    });

  if (process.platform !== 'linux') throw new EngineUnavailable(['sandboxes need Linux']);
  const arch = process.arch;
  if (arch !== 'x64' && arch !== 'arm64')
    throw new EngineUnavailable([`there is no syscall filter for ${arch}`]);
  const wallName = options.wall ?? 'bwrap';
  if (!isRoot() && wallName !== 'bwrap')
    missing.push(`${wallName} needs a worker that runs as root: run it as root, or choose bwrap`);
  const toolFolders = options.host?.toolFolders ?? TOOL_FOLDERS;
  const tools = findHostTools(toolFolders, missing);
  const tree = isRoot()
    ? await orMissing(openCgroupTree(options.host?.cgroup ?? KERNEL_CGROUP_FILES))
    : openWithoutCgroups();
  const folder = await orMissing(makeTraversableFolder(join(options.home, 'sandbox'), isRoot()));
  if (missing.length > 0 || !tools || !tree || !folder) throw new EngineUnavailable(missing);

  const owners = await makePassage(folder, 'owners');
  await sweepLeftovers(owners, tree.parents, log);
  const ownFolder = await makeOwnerFolder(owners, owner, tree.parents);
  const id = randomBytes(6).toString('hex');
  const engineFolder = await makePassage(ownFolder, id);
  const root = createRoots({
    tools,
    folder: await makePassage(folder, 'runtime'),
    runtimePackages: options.runtimePackages,
    buildingFolder: engineFolder,
  });
  await root('node');
  const wall = await WALLS[wallName]({ tools, toolFolders, arch, folder: engineFolder });
  const uids = isRoot() ? await claimUidBlock() : sharedUid();
  const deathWatch = isRoot() ? startDeathWatch(tools, owner, tree.parents) : startNetworkDeathWatch(tools);
  return { tools, tree, uids, arch, folder: engineFolder, root, wall, deathWatch };
}

async function release({ uids, folder, deathWatch }: Prepared): Promise<void> {
  deathWatch.end();
  await uids.close();
  await rm(folder, { recursive: true, force: true });
}
