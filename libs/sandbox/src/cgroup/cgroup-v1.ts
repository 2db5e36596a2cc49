import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SandboxError } from '../engine.js';
import {
  type Cgroup,
  type CgroupFiles,
  type CgroupLimits,
  type CgroupTree,
  CPU_PERIOD_US,
  orSandboxError,
} from './cgroup.js';
import { cgroupProcesses } from './empty-cgroup.js';

const CONTROLLERS = ['memory', 'pids', 'cpu'] as const;
/** The kernel charges memory in batches of 64 pages, so that a peak may stay this far below the limit. */
const CHARGE_BATCH_BYTES = 64 * 4096;
type Controller = (typeof CONTROLLERS)[number];

/** This process's own folder in each hierarchy, from lines like `4:memory:/a/b` of /proc/self/cgroup. */
export async function openCgroupV1(files: CgroupFiles): Promise<CgroupTree> {
  const lines = (await readFile(files.self, 'utf8')).split('\n').map((line) => line.split(':'));
  const parentOf = (controller: Controller): string => {
    const [, names = controller, ...path] =
      lines.find(([, names]) => names?.split(',').includes(controller)) ?? [];
    const mount = [controller, names].map((name) => join(files.root, name)).find(existsSync);
    if (!mount)
      throw new SandboxError(`the cgroup controller "${controller}" is not mounted below ${files.root}`);
    const own = resolve(mount, `.${path.join(':')}`);
    // In a container the file names the host's path while the mount starts at the container's own cgroup.
    return existsSync(own) ? own : mount;
  };
  const parents = { memory: parentOf('memory'), pids: parentOf('pids'), cpu: parentOf('cpu') };
  return {
    version: 'cgroup-v1',
    parents: CONTROLLERS.map((controller) => parents[controller]),
    create: (name, limits) => createCgroup(parents, name, limits),
  };
}

async function createCgroup(
  parents: Record<Controller, string>,
  name: string,
  limits: CgroupLimits,
): Promise<Cgroup> {
  const memory = join(parents.memory, name);
  const pids = join(parents.pids, name);
  const cpu = join(parents.cpu, name);
  const folders = [memory, pids, cpu];
  // Memory and swap together; missing when the kernel does not account swap, and harmless then without swap.
  const withSwap = join(memory, 'memory.memsw.limit_in_bytes');
  // What lies in sockets is counted apart in v1: it may take as much again.
  const inSockets = join(memory, 'memory.kmem.tcp.limit_in_bytes');
  let hasSwapLimit = false;
  let hasSocketLimit = false;
  let memoryBytes = Number.POSITIVE_INFINITY;
  const setLimits = (next: CgroupLimits): void => {
    const memoryFiles = [join(memory, 'memory.limit_in_bytes'), ...(hasSwapLimit ? [withSwap] : [])];
    // The first must not pass the second at any moment.
    if (next.memoryBytes > memoryBytes) memoryFiles.reverse();
    for (const file of memoryFiles) writeFileSync(file, String(next.memoryBytes));
    memoryBytes = next.memoryBytes;
    if (hasSocketLimit) writeFileSync(inSockets, String(next.memoryBytes));
    writeFileSync(join(pids, 'pids.max'), String(next.pids));
    writeFileSync(join(cpu, 'cpu.cfs_quota_us'), String(Math.round(next.cpus * CPU_PERIOD_US)));
  };
  try {
    for (const folder of folders) await mkdir(folder);
    hasSwapLimit = existsSync(withSwap);
    hasSocketLimit = existsSync(inSockets);
    writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(CPU_PERIOD_US));
    setLimits(limits);
  } catch (cause) {
    await Promise.allSettled(folders.map((folder) => rmdir(folder)));
    throw new SandboxError(`the cgroup ${name} cannot be made: ${String(cause)}`, { cause });
  }
  const numberIn = async (...path: string[]) => Number(await readFile(join(...path), 'utf8'));
  return {
    name,
    ...cgroupProcesses(folders),
    procsFiles: folders.map((folder) => join(folder, 'cgroup.procs')),
    setLimits: orSandboxError(name, setLimits),
    readLimits: async () => ({
      memoryBytes: await numberIn(memory, 'memory.limit_in_bytes'),
      pids: await numberIn(pids, 'pids.max'),
      cpus: (await numberIn(cpu, 'cpu.cfs_quota_us')) / (await numberIn(cpu, 'cpu.cfs_period_us')),
    }),
    readOom: () => {
      const control = readFileSync(join(memory, 'memory.oom_control'), 'utf8');
      // Not memory.failcnt: recent kernels leave it at 0.
      const peak = Number(readFileSync(join(memory, 'memory.max_usage_in_bytes'), 'utf8'));
      return {
        oomKills: Number(/^oom_kill (\d+)$/m.exec(control)?.[1] ?? 0),
        ownLimitReached: peak >= memoryBytes - CHARGE_BATCH_BYTES,
      };
    },
  };
}
