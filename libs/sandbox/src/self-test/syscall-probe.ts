import type { SandboxArch } from '../seccomp/syscall-table.js';

/** A system call's number and up to five arguments, each an unsigned 32-bit number. */
export type ProbeCall = readonly [number: number, ...args: number[]];

/** Bytes of one result in the probe's output: the kernel's answer as a little-endian signed 64-bit number. */
export const RESULT_BYTES = 8;

const ELF_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const CODE_OFFSET = ELF_HEADER_BYTES + PROGRAM_HEADER_BYTES;
const LOAD_ADDRESS = 0x400000;
const MACHINE: Readonly<Record<SandboxArch, number>> = { x64: 62, arm64: 183 };
const ARGUMENTS = 5;

/**
 * A static Linux program that makes each call and writes the answers to stdout: what no script can do, since neither
 * node nor sh makes a call of one's choice, and a sandbox has no compiler.
 */
export function syscallProbe(arch: SandboxArch, calls: readonly ProbeCall[]): Uint8Array {
  const code = arch === 'x64' ? codeX64(calls) : codeArm64(calls);
  return elf(MACHINE[arch], code);
}

/** A program (x64) that runs `code` and nothing else; for what is not an ordinary call. */
export const rawProgramX64 = (code: readonly number[]): Uint8Array => elf(MACHINE.x64, code);

function elf(machine: number, code: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(CODE_OFFSET + code.length));
  const bytes = new Uint8Array(view.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // ELF, 64 bits, little endian
  view.setUint16(16, 2, true); // executable
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(LOAD_ADDRESS + CODE_OFFSET), true); // entry point
  view.setBigUint64(32, BigInt(ELF_HEADER_BYTES), true); // offset of the program headers
  view.setUint16(52, ELF_HEADER_BYTES, true);
  view.setUint16(54, PROGRAM_HEADER_BYTES, true);
  view.setUint16(56, 1, true); // one program header:
  view.setUint32(64, 1, true); // load
  view.setUint32(68, 5, true); // readable, executable
  view.setBigUint64(80, BigInt(LOAD_ADDRESS), true);
  view.setBigUint64(88, BigInt(LOAD_ADDRESS), true);
  view.setBigUint64(96, BigInt(bytes.length), true);
  view.setBigUint64(104, BigInt(bytes.length), true);
  view.setBigUint64(112, 0x1000n, true);
  bytes.set(code, CODE_OFFSET);
  return bytes;
}

const little32 = (value: number): number[] => [
  value & 0xff,
  (value >>> 8) & 0xff,
  (value >>> 16) & 0xff,
  (value >>> 24) & 0xff,
];

function codeX64(calls: readonly ProbeCall[]): number[] {
  /** mov into eax, edi, esi, edx, r10d, r8d: where the kernel takes number and arguments. */
  const registers = [[0xb8], [0xbf], [0xbe], [0xba], [0x41, 0xba], [0x41, 0xb8]];
  const size = calls.length * RESULT_BYTES;
  return [
    ...[0x48, 0x81, 0xec, ...little32(size)], // sub rsp, size
    ...calls.flatMap((call, index) => [
      ...registers.flatMap((mov, at) => [...mov, ...little32(call[at] ?? 0)]),
      ...[0x0f, 0x05], // syscall
      ...[0x48, 0x89, 0x84, 0x24, ...little32(index * RESULT_BYTES)], // mov [rsp + …], rax
    ]),
    ...[0xb8, ...little32(1), 0xbf, ...little32(1), 0x48, 0x89, 0xe6, 0xba, ...little32(size), 0x0f, 0x05], // write
    ...[0xb8, ...little32(60), 0x31, 0xff, 0x0f, 0x05], // exit(0)
  ];
}

function codeArm64(calls: readonly ProbeCall[]): number[] {
  const size = Math.ceil((calls.length * RESULT_BYTES) / 16) * 16; // the stack pointer stays aligned
  const SYSCALL_REGISTER = 8;
  const SVC = 0xd4000001;
  const move = (register: number, value: number) => [
    0xd2800000 | ((value & 0xffff) << 5) | register, // movz
    0xf2a00000 | ((value >>> 16) << 5) | register, // movk, shifted by 16
  ];
  const words = [
    0xd10003ff | (size << 10), // sub sp, sp, size
    ...calls.flatMap(([number, ...args], index) => [
      ...Array.from({ length: ARGUMENTS }, (_, at) => move(at, args[at] ?? 0)).flat(),
      ...move(SYSCALL_REGISTER, number),
      SVC,
      0xf90003e0 | (index << 10), // str x0, [sp, index * 8]
    ]),
    ...[
      ...move(0, 1),
      0x910003e1,
      ...move(2, calls.length * RESULT_BYTES),
      ...move(SYSCALL_REGISTER, 64),
      SVC,
    ], // write
    ...[...move(0, 0), ...move(SYSCALL_REGISTER, 93), SVC], // exit(0)
  ];
  return words.flatMap(little32);
}

/** The answers in the order of the calls. */
export function readProbeResults(output: Uint8Array): number[] {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  return Array.from({ length: Math.floor(output.byteLength / RESULT_BYTES) }, (_, index) =>
    Number(view.getBigInt64(index * RESULT_BYTES, true)),
  );
}
