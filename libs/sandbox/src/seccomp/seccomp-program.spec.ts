import { describe, expect, it } from '@jest/globals';
import { CODE, encodeProgram, type Instruction } from './bpf.js';
import { ACTION, AUDIT_ARCH, seccompProgram } from './seccomp-program.js';
import { type SandboxArch, SYSCALLS } from './syscall-table.js';

const ARCHES: readonly SandboxArch[] = ['x64', 'arm64'];
const BPF_MAXINSNS = 4096;

/** What the kernel would do: a BPF interpreter over the few instructions there are. */
function run(
  program: readonly Instruction[],
  arch: number,
  syscall: number,
  args: readonly number[] = [],
): number {
  const word = (offset: number) =>
    offset === 0 ? syscall : offset === 4 ? arch : offset % 8 === 0 ? (args[(offset - 16) / 8] ?? 0) : 0;
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const instruction = program[at];
    if (!instruction) throw new Error(`ran off the program at ${at}`);
    const { code, k, jumpTrue, jumpFalse } = instruction;
    if (code === CODE.return) return k;
    if (code === CODE.loadWord) accumulator = word(k) >>> 0;
    else if (code === CODE.jumpIfEqual) at += accumulator === k ? jumpTrue : jumpFalse;
    else if (code === CODE.jumpIfGreaterOrEqual) at += accumulator >= k ? jumpTrue : jumpFalse;
    else if (code === CODE.jumpIfAnyBit) at += (accumulator & k) !== 0 ? jumpTrue : jumpFalse;
    else throw new Error(`unknown code ${code}`);
  }
}

const onX64 = (syscall: number, ...args: number[]) =>
  run(seccompProgram('x64'), AUDIT_ARCH.x64, syscall, args);
const onArm64 = (syscall: number, ...args: number[]) =>
  run(seccompProgram('arm64'), AUDIT_ARCH.arm64, syscall, args);

describe('the seccomp program', () => {
  it.each(ARCHES)('decides every number of %s as its table says', (arch) => {
    const program = seccompProgram(arch);
    const { allowed, highestKnown, clone, clone3, socket } = SYSCALLS[arch];
    const allowedNumbers = new Set(Object.values(allowed));
    for (let number = 0; number < 1000; number++) {
      if (number === clone || number === socket) continue;
      const expected = allowedNumbers.has(number)
        ? ACTION.allow
        : number === clone3 || number > highestKnown
          ? ACTION.enosys
          : ACTION.eperm;
      expect([number, run(program, AUDIT_ARCH[arch], number)]).toEqual([number, expected]);
    }
  });

  it.each(ARCHES)('fits what the kernel accepts on %s', (arch) => {
    const program = seccompProgram(arch);
    expect(program.length).toBeLessThan(BPF_MAXINSNS);
    for (const [at, { code, jumpTrue, jumpFalse }] of program.entries()) {
      expect(Math.max(jumpTrue, jumpFalse)).toBeLessThan(256);
      if (code !== CODE.return) expect(at + 1 + Math.max(jumpTrue, jumpFalse)).toBeLessThan(program.length);
    }
  });

  it('allows what node starts with', () => {
    for (const number of [0, 1, 9, 11, 59, 202, 228, 281, 318, 332]) expect(onX64(number)).toBe(ACTION.allow);
  });

  it('refuses by name what has taken over kernels before', () => {
    const x64 = {
      ...{
        ptrace: 101,
        process_vm_readv: 310,
        keyctl: 250,
        add_key: 248,
        bpf: 321,
        perf_event_open: 298,
        unshare: 272,
      },
      ...{
        setns: 308,
        mount: 165,
        umount2: 166,
        chroot: 161,
        personality: 135,
        userfaultfd: 323,
        io_uring_setup: 425,
      },
      ...{ open_by_handle_at: 304, pidfd_getfd: 438, kcmp: 312, mknod: 133, mknodat: 259, memfd_secret: 447 },
      ...{ init_module: 175, kexec_load: 246, move_mount: 429, fsopen: 430, pivot_root: 155, iopl: 172 },
    };
    for (const [name, number] of Object.entries(x64))
      expect([name, onX64(number)]).toEqual([name, ACTION.eperm]);
    const arm64 = {
      ptrace: 117,
      keyctl: 219,
      bpf: 280,
      unshare: 97,
      setns: 268,
      mount: 40,
      io_uring_setup: 425,
    };
    for (const [name, number] of Object.entries(arm64))
      expect([name, onArm64(number)]).toEqual([name, ACTION.eperm]);
  });

  it('kills another architecture and the x32 ABI', () => {
    const i386 = 0x40000003;
    const getpid = 39;
    expect(run(seccompProgram('x64'), i386, 20)).toBe(ACTION.killProcess);
    expect(run(seccompProgram('arm64'), 0x40000028, 20)).toBe(ACTION.killProcess);
    expect(onX64(0x40000000 | getpid)).toBe(ACTION.killProcess);
    expect(onX64(0xffffffff)).toBe(ACTION.killProcess);
  });

  it.each([
    ['fork', 0x11, ACTION.allow],
    ['a thread', 0x3d0f00, ACTION.allow],
    ['CLONE_NEWUSER', 0x10000011, ACTION.eperm],
    ['CLONE_NEWNS', 0x00020011, ACTION.eperm],
    ['CLONE_NEWNET', 0x40000011, ACTION.eperm],
    ['CLONE_NEWCGROUP', 0x02000011, ACTION.eperm],
  ])('clone for %s', (_, flags, expected) => {
    expect(onX64(SYSCALLS.x64.clone, flags)).toBe(expected);
    expect(onArm64(SYSCALLS.arm64.clone, flags)).toBe(expected);
  });

  it.each([
    ['unix', 1, 0, ACTION.allow],
    ['tcp', 2, 0, ACTION.allow],
    ['tcp by number', 2, 6, ACTION.allow],
    ['udp over v6', 10, 17, ACTION.allow],
    ['sctp', 2, 132, ACTION.eperm],
    ['mptcp', 2, 262, ACTION.eperm],
    ['icmp', 2, 1, ACTION.eperm],
    ['netlink route', 16, 0, ACTION.allow],
    ['netlink netfilter', 16, 12, ACTION.eperm],
    ['netlink audit', 16, 9, ACTION.eperm],
    ['packet', 17, 0, ACTION.eperm],
    ['vsock', 40, 0, ACTION.eperm],
    ['alg', 38, 0, ACTION.eperm],
  ])('socket for %s', (_, family, protocol, expected) => {
    expect(onX64(SYSCALLS.x64.socket, family, 1, protocol)).toBe(expected);
    expect(onArm64(SYSCALLS.arm64.socket, family, 1, protocol)).toBe(expected);
  });

  it('encodes eight little-endian bytes an instruction', () => {
    expect([...encodeProgram([{ code: 0x15, jumpTrue: 1, jumpFalse: 2, k: 0xc000003e }])]).toEqual([
      0x15, 0, 1, 2, 0x3e, 0, 0, 0xc0,
    ]);
  });
});
