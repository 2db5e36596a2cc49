import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { CgroupLimits, CgroupTree } from '../cgroup/cgroup.js';
import { type EngineReport, EngineUnavailable, type FolderHandle, type Limits, type Pod } from '../engine.js';
import type { HostTools } from '../host-tools.js';
import { cgroupName, currentOwner } from '../owner.js';
import type { SandboxArch } from '../seccomp/syscall-table.js';
import { judgeProbe, probeCommand } from './judge-probe.js';
import { whyNamespacesAreRefused } from './namespace-hints.js';
import type { Proof } from './proof.js';

export interface ProofSubject {
  openPod: () => Promise<Pod>;
  tools: HostTools;
  tree: CgroupTree;
  arch: SandboxArch;
  /** For the report. */
  engine: string;
}

const MIB = 1024 * 1024;
const LIMITS: Limits = {
  memoryBytes: 128 * MIB,
  pids: 32,
  cpus: 1,
  outputBytes: 64 * 1024,
  tmpBytes: 1 * MIB,
  wallMs: 10_000,
};
const EXIT_WITHIN_MS = 2_000;
const CHECKS_SECRET = 'hidden-check.js';

/** Tries to break every guarantee in a pod of its own; throws `EngineUnavailable` with all that do not hold. */
export async function proveGuarantees(subject: ProofSubject): Promise<EngineReport> {
  const proofs = await proveInPod(subject).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new EngineUnavailable([why, ...whyNamespacesAreRefused()]);
  });
  const missing = proofs.filter((proof) => !proof.holds).map((proof) => proof.otherwise);
  if (missing.length > 0) throw new EngineUnavailable(missing);
  return {
    engine: subject.engine,
    limits: subject.tree.version,
    guarantees: proofs.map((proof) => proof.guarantee),
    degraded: subject.tree.version === 'rlimits' ? WITHOUT_CGROUPS : [],
  };
}

/** What no probe can prove where the worker is not root. All else is proven there too. */
const WITHOUT_CGROUPS = [
  'memory is limited for each process, not for a container: run the worker as root',
  'what the kernel keeps for a container (socket buffers, empty files) is not limited: run the worker as root',
  'the kernel does not say that a container exceeded its memory, whose processes then fail or crash: run the worker as root',
  'CPU time is not limited, only the wall clock: run the worker as root',
  'the parts of a pod share one user of the host, and only their mount and pid namespaces keep them apart: run the worker as root',
];

async function proveInPod({ openPod, tools, tree, arch }: ProofSubject): Promise<Proof[]> {
  const pod = await openPod();
  try {
    const [app, secret] = await Promise.all([
      pod.addFiles('candidate', [{ path: 'main.js', content: '' }]),
      pod.addFiles('checks', [{ path: CHECKS_SECRET, content: 'secret' }]),
    ]);
    const hasCgroups = tree.version !== 'rlimits';
    // The other part is alive, with stubborn descendants, while the candidate looks around.
    const proofs = await Promise.all([
      proveKillLeavesNothing(pod, secret, hasCgroups, () => proveInside(pod, app, secret, arch)),
      ...(hasCgroups
        ? [proveMemoryLimit(pod), proveLimitsAreSet(tree), proveFoldersAreApart(tools, app, secret)]
        : [proveProcessMemoryLimit(pod)]),
    ]);
    return proofs.flat();
  } finally {
    await pod.close();
  }
}

async function proveInside(
  pod: Pod,
  app: FolderHandle,
  secret: FolderHandle,
  arch: SandboxArch,
): Promise<Proof[]> {
  const probe = await pod.start({
    part: 'candidate',
    ...probeCommand(arch, [secret.hostPath, app.hostPath]),
    cwd: '/app',
    mounts: { '/app': app },
    limits: LIMITS,
  });
  const exit = await probe.exited;
  return judgeProbe(arch, probe.outputTail(), exit, LIMITS.pids);
}

async function proveKillLeavesNothing(
  pod: Pod,
  mounted: FolderHandle,
  hasOwnUid: boolean,
  meanwhile: () => Promise<Proof[]>,
): Promise<Proof[]> {
  const script = `trap '' TERM HUP INT; (trap '' TERM; (read _ </dev/ptmx) & read _ </dev/ptmx) & echo up; read _`;
  const mark = `assay-stubborn-${randomBytes(6).toString('hex')}`;
  const stubborn = await pod.start({
    part: 'checks',
    command: ['/usr/bin/sh', '-c', script, mark],
    env: {},
    cwd: '/checks',
    mounts: { '/checks': mounted },
    limits: LIMITS,
  });
  const { uid } = await stat(mounted.hostPath);
  const count = () => countProcesses(hasOwnUid ? (one) => isOfUser(one, uid) : (one) => isMarked(one, mark));
  const proofs = await meanwhile();
  const before = count();
  const exit = await stubborn.kill();
  const after = await whatIsLeft(count);
  return [
    ...proofs,
    {
      guarantee: 'killing a container leaves no process behind',
      holds: before > 0 && after === 0 && exit.cause === 'killed',
      otherwise: `killing a sandbox does not end it (${before} processes before, ${after} after, ${exit.cause}): this kernel cannot be used`,
    },
  ];
}

/** Grows to 16 bytes × 2^doublings and no further: where the limit does not bite, it must not take the machine's memory either. */
const memoryBomb = (doublings: number) => `echo fds /proc/$$/fd/*
x=0123456789abcdef; i=0
while [ $i -lt ${doublings} ]; do x=$x$x; i=$((i + 1)); done`;

async function proveMemoryLimit(pod: Pod): Promise<Proof[]> {
  const bomb = await pod.start({
    part: 'candidate',
    command: ['/usr/bin/sh', '-c', memoryBomb(22)],
    env: {},
    cwd: '/',
    mounts: {},
    limits: { ...LIMITS, memoryBytes: 16 * MIB },
  });
  const exit = await bomb.exited;
  return [
    {
      guarantee: 'memory is limited, and the kernel says when a container exceeded it',
      holds: exit.cause === 'memory_exceeded' && exit.oomKills > 0,
      otherwise: `a memory limit does not bite (${exit.cause}): enable the memory controller of cgroups`,
    },
    proveDescriptors(bomb.outputTail()),
  ];
}

/** The other way round: what sh was refused must have been refused by the limit, since a smaller bomb gets through. */
async function proveProcessMemoryLimit(pod: Pod): Promise<Proof[]> {
  const burst = async (doublings: number) => {
    const bomb = await pod.start({
      part: 'candidate',
      command: ['/usr/bin/sh', '-c', `${memoryBomb(doublings)}; echo grown`],
      env: {},
      cwd: '/',
      mounts: {},
      limits: { ...LIMITS, memoryBytes: 16 * MIB },
    });
    const { cause } = await bomb.exited;
    return { cause, output: bomb.outputTail() };
  };
  const [small, large] = await Promise.all([burst(16), burst(23)]);
  return [
    {
      guarantee: 'the memory of a process is limited',
      holds: small.output.includes('grown') && !large.output.includes('grown') && large.cause === 'exited',
      otherwise: `a process grows beyond its memory limit (${large.cause}, ${large.output.slice(-100)}): this kernel's RLIMIT_DATA must count private mappings (Linux 4.7)`,
    },
    proveDescriptors(small.output),
  ];
}

function proveDescriptors(output: string): Proof {
  return {
    guarantee: 'no descriptor of the host but stdio',
    // stdin, stdout, stderr, and the one that sh lists the folder with
    holds: output.match(/\/fd\/\d+/g)?.length === 4,
    otherwise: `descriptors of the worker reach the sandbox (${output.split('\n')[0]}): report this as a bug`,
  };
}

async function proveLimitsAreSet(tree: CgroupTree): Promise<Proof[]> {
  const wanted: CgroupLimits = { memoryBytes: 64 * MIB, pids: 17, cpus: 0.5 };
  const cgroup = await tree.create(cgroupName(currentOwner(), randomBytes(6).toString('hex')), wanted);
  try {
    const kept = await cgroup.readLimits();
    return [
      {
        guarantee: 'CPU time is limited',
        holds: kept.cpus === wanted.cpus,
        otherwise: `the CPU quota reads back as ${kept.cpus} CPUs instead of ${wanted.cpus}: enable CONFIG_CFS_BANDWIDTH`,
      },
    ];
  } finally {
    await cgroup.remove();
  }
}

/** As the candidate's own uid, on the host and outside of any sandbox: even then the checks' files stay closed. */
async function proveFoldersAreApart(
  tools: HostTools,
  app: FolderHandle,
  secret: FolderHandle,
): Promise<Proof[]> {
  const { uid } = await stat(app.hostPath);
  const canRead = (path: string) =>
    promisify(execFile)(tools.setpriv, [
      ...[`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'],
      ...[tools.sh, '-c', 'exec <"$1"', 'read', path],
    ]).then(
      () => true,
      () => false,
    );
  const [own, other] = await Promise.all([
    canRead(join(app.hostPath, 'main.js')),
    canRead(join(secret.hostPath, CHECKS_SECRET)),
  ]);
  return [
    {
      guarantee: "the checks' files are closed to the candidate's user",
      holds: own && !other,
      otherwise: `files of one part are readable to another (own ${own}, other ${other}): put the data folder on a file system with Unix permissions`,
    },
  ];
}

/** A process leaves its cgroup, and with it our sight, moments before the end of its exit. */
async function whatIsLeft(count: () => number): Promise<number> {
  const deadline = Date.now() + EXIT_WITHIN_MS;
  while (count() > 0 && Date.now() < deadline) await delay(1);
  return count();
}

/** Living processes, as the host sees them. Zombies are dead; the host's init collects them. */
function countProcesses(isCounted: (folder: string) => boolean): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return isCounted(`/proc/${name}`);
    } catch {
      return false; // ended since it was listed
    }
  }).length;
}

/** By its real user id. */
function isOfUser(folder: string, uid: number): boolean {
  const status = readFileSync(`${folder}/status`, 'utf8');
  return status.includes(`\nUid:\t${uid}\t`) && !/^State:\t[ZX]/m.test(status);
}

/** By an argument that only it and what starts it have. A zombie has none. */
const isMarked = (folder: string, mark: string): boolean =>
  readFileSync(`${folder}/cmdline`, 'utf8').includes(mark);
