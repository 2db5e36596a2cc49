import { answer, branch, CODE, DATA, type Instruction, load } from './bpf.js';
import { type SandboxArch, SYSCALLS, type SyscallNumbers } from './syscall-table.js';

export const EPERM = 1;
export const ENOSYS = 38;

/** linux/seccomp.h */
export const ACTION = {
  killProcess: 0x80000000,
  allow: 0x7fff0000,
  eperm: 0x00050000 | EPERM,
  enosys: 0x00050000 | ENOSYS,
} as const;

/** linux/audit.h: a call through another ABI of the same kernel (int 0x80) carries another value. */
export const AUDIT_ARCH: Readonly<Record<SandboxArch, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** Set in the number of an x32 call, which otherwise looks like a native one. */
const X32_BIT = 0x40000000;

/** CLONE_NEW{CGROUP,UTS,IPC,USER,PID,NET,NS}: no new namespaces. NEWTIME exists in clone3 only. */
export const CLONE_NEW_ANYTHING = 0x7e020000;

const AF = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;
/** Default, TCP and UDP; the others (SCTP, MPTCP, ICMP, raw) are kernel code that no task needs. */
const INET_PROTOCOLS = [0, 6, 17];

/** The sockets that may be made. */
export const SOCKETS: readonly { family: number; protocols: readonly number[] }[] = [
  { family: AF.unix, protocols: [0] },
  { family: AF.inet, protocols: INET_PROTOCOLS },
  { family: AF.inet6, protocols: INET_PROTOCOLS },
  // Protocol 0 is NETLINK_ROUTE, which os.networkInterfaces() needs.
  { family: AF.netlink, protocols: [0] },
];

/** From `from` up to the next range's `from`, every call takes this decision. */
interface Range {
  from: number;
  decision: readonly Instruction[];
}

/**
 * The filter of every sandbox, by default EPERM; see generate/syscall-table.mjs for what is allowed.
 * A wrong architecture and the x32 ABI kill: their numbers mean other calls.
 */
export function seccompProgram(arch: SandboxArch): Instruction[] {
  const kill = [answer(ACTION.killProcess)];
  const native = [load(DATA.syscall), ...searchTree(decisionRanges(SYSCALLS[arch], arch))];
  return [
    load(DATA.arch),
    { code: CODE.jumpIfEqual, jumpTrue: 1, jumpFalse: 0, k: AUDIT_ARCH[arch] },
    ...kill,
    ...native,
  ];
}

function decisionRanges(numbers: SyscallNumbers, arch: SandboxArch): Range[] {
  const allowed = new Set(Object.values(numbers.allowed));
  const special = new Map([
    [numbers.clone, cloneWithoutNamespaces()],
    // clone3 passes its flags in memory, which a filter cannot read; ENOSYS makes libc fall back to clone.
    [numbers.clone3, [answer(ACTION.enosys)]],
    [numbers.socket, knownSocketFamilies()],
  ]);
  const allow = [answer(ACTION.allow)];
  const eperm = [answer(ACTION.eperm)];

  const ranges: Range[] = [];
  for (let number = 0; number <= numbers.highestKnown; number++) {
    const decision = special.get(number) ?? (allowed.has(number) ? allow : eperm);
    if (ranges.at(-1)?.decision !== decision) ranges.push({ from: number, decision });
  }
  ranges.push({ from: numbers.highestKnown + 1, decision: [answer(ACTION.enosys)] });
  if (arch === 'x64') ranges.push({ from: X32_BIT, decision: [answer(ACTION.killProcess)] });
  return ranges;
}

/** A binary search for the range of the loaded number: about seven comparisons a call. */
function searchTree(ranges: readonly Range[]): readonly Instruction[] {
  const middle = ranges.length >> 1;
  const pivot = ranges[middle];
  if (!pivot) throw new RangeError('a filter needs at least one range');
  if (middle === 0) return pivot.decision;
  return branch(
    CODE.jumpIfGreaterOrEqual,
    pivot.from,
    searchTree(ranges.slice(middle)),
    searchTree(ranges.slice(0, middle)),
  );
}

function cloneWithoutNamespaces(): Instruction[] {
  const refuse = [answer(ACTION.eperm)];
  return [
    load(DATA.argLow(0)),
    ...branch(CODE.jumpIfAnyBit, CLONE_NEW_ANYTHING, refuse, [answer(ACTION.allow)]),
  ];
}

/** socket(domain, type, protocol); the kernel takes each as an int, hence the low halves. */
function knownSocketFamilies(): Instruction[] {
  const protocolIn = (protocols: readonly number[]) => [load(DATA.argLow(2)), ...oneOf(protocols)];
  const tests = SOCKETS.reduceRight<Instruction[]>(
    (otherwise, { family, protocols }) => branch(CODE.jumpIfEqual, family, protocolIn(protocols), otherwise),
    [answer(ACTION.eperm)],
  );
  return [load(DATA.argLow(0)), ...tests];
}

function oneOf(values: readonly number[]): Instruction[] {
  return values.reduceRight<Instruction[]>(
    (otherwise, value) => branch(CODE.jumpIfEqual, value, [answer(ACTION.allow)], otherwise),
    [answer(ACTION.eperm)],
  );
}
