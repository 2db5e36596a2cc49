import type { ContainerSpec, Exit } from '../engine.js';
import type { SandboxArch } from '../seccomp/syscall-table.js';
import { PROBE_SCRIPT, type ProbeFacts } from './probe-script.js';
import type { Proof } from './proof.js';
import { type ProbeCall, readProbeResults, syscallProbe } from './syscall-probe.js';

const EPERM = -1;
const ENOSYS = -38;
const CLONE_NEWUSER = 0x10000000;

/** Calls that must be refused, by name, with the number on each architecture and the answer. */
const REFUSED: readonly [
  name: string,
  numbers: Record<SandboxArch, number>,
  args: number[],
  answer: number,
][] = [
  ['ptrace', { x64: 101, arm64: 117 }, [], EPERM],
  ['keyctl', { x64: 250, arm64: 219 }, [], EPERM],
  ['unshare', { x64: 272, arm64: 97 }, [CLONE_NEWUSER], EPERM],
  ['io_uring_setup', { x64: 425, arm64: 425 }, [1], EPERM],
  ['bpf', { x64: 321, arm64: 280 }, [], EPERM],
  ['clone of a user namespace', { x64: 56, arm64: 220 }, [CLONE_NEWUSER | 17], EPERM],
  ['clone3', { x64: 435, arm64: 435 }, [], ENOSYS],
  ['socket(AF_VSOCK)', { x64: 41, arm64: 198 }, [40, 1, 0], EPERM],
  ['socket(AF_NETLINK, NETFILTER)', { x64: 41, arm64: 198 }, [16, 3, 12], EPERM],
];

const NOT_WRITABLE = ['/planted', '/usr/bin/planted', '/etc/passwd', '/app/main.js', '/dev/planted'];
const HOST_PATHS = [
  '/root',
  '/home',
  '/var',
  '/sys',
  '/run',
  '/etc/shadow',
  '/etc/ssl',
  '/usr/share',
  '/usr/bin/bwrap',
];

/** The command and environment of the probe; `hostPaths` are more paths that it must not see. */
export function probeCommand(
  arch: SandboxArch,
  hostPaths: readonly string[],
): Pick<ContainerSpec, 'command' | 'env'> {
  const calls = REFUSED.map(([, numbers, args]): ProbeCall => [numbers[arch], ...args]);
  const lists = [[...HOST_PATHS, ...hostPaths], NOT_WRITABLE].map((list) => JSON.stringify(list));
  return {
    command: ['/usr/bin/node', '--max-old-space-size=64', '-e', PROBE_SCRIPT, ...lists],
    env: { PROBE: Buffer.from(syscallProbe(arch, calls)).toString('base64') },
  };
}

export function judgeProbe(arch: SandboxArch, output: string, exit: Exit, pids: number): Proof[] {
  const facts = parseFacts(output);
  if (!facts) {
    const otherwise = `node does not run in the sandbox (${JSON.stringify(exit)}): ${output.trim().slice(0, 1000)}`;
    return [{ guarantee: 'node runs in the sandbox', holds: false, otherwise }];
  }
  const { status, writes } = facts;
  const answers = readProbeResults(Buffer.from(facts.syscalls, 'base64'));
  const allowed = REFUSED.filter(([, , , answer], index) => answers[index] !== answer).map(([name]) => name);
  const capabilities = Object.entries(status).filter(
    ([name, value]) => name.startsWith('Cap') && !/^0+$/.test(value),
  );
  const written = Object.entries(writes).filter(([, answer]) => answer !== 'EROFS');
  return [
    {
      guarantee: 'node runs in the sandbox',
      holds: exit.cause === 'exited' && exit.code === 0,
      otherwise: `node ends wrongly in the sandbox: ${JSON.stringify(exit)}`,
    },
    {
      guarantee: 'system calls are filtered',
      holds: status.Seccomp === '2' && allowed.length === 0,
      otherwise: `the filter lets system calls through (${allowed.join(', ')}) on ${arch}: this kernel needs CONFIG_SECCOMP_FILTER`,
    },
    {
      guarantee: 'no capability, and none to be gained',
      holds: status.NoNewPrivs === '1' && capabilities.length === 0,
      otherwise: `the sandbox holds privileges (NoNewPrivs ${status.NoNewPrivs}; ${capabilities.join(' ')})`,
    },
    {
      guarantee: 'everything but /tmp is read-only',
      holds: written.length === 0,
      otherwise: `the sandbox could write to ${written.map(([path, answer]) => `${path} (${answer})`).join(', ')}`,
    },
    {
      guarantee: "the host's files are not there",
      holds: facts.visible.length === 0,
      otherwise: `the sandbox sees ${facts.visible.join(', ')} of the host`,
    },
    {
      guarantee: 'no network but its own loopback',
      holds: facts.interfaces.join() === 'lo' && facts.outside === 'ENETUNREACH',
      otherwise: `the sandbox has a network (${facts.interfaces.join(', ')}; an address outside answered ${facts.outside})`,
    },
    {
      guarantee: 'processes of other containers are not there',
      // bwrap's init and the probe itself
      holds: facts.processes.length === 2,
      otherwise: `the sandbox sees other processes: ${facts.processes.join(' | ')}`,
    },
    {
      guarantee: 'processes and threads are limited',
      holds: facts.refusal === 'EAGAIN' && facts.children < pids,
      otherwise: `a limit of ${pids} processes let ${facts.children} start: enable the pids controller of cgroups`,
    },
  ];
}

function parseFacts(output: string): ProbeFacts | null {
  try {
    return JSON.parse(output) as ProbeFacts; // our own script's, before anything untrusted has run
  } catch {
    return null;
  }
}
