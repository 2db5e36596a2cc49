/** Classic BPF as seccomp runs it: the few instructions we use, and their encoding (linux/filter.h, linux/bpf_common.h). */
export interface Instruction {
  code: number;
  /** Instructions to skip when the comparison holds, and when it does not: 8 bits each. */
  jumpTrue: number;
  jumpFalse: number;
  k: number;
}

export const CODE = {
  loadWord: 0x20,
  jumpIfEqual: 0x15,
  jumpIfGreaterOrEqual: 0x35,
  jumpIfAnyBit: 0x45,
  return: 0x06,
} as const;

/** Offsets into `struct seccomp_data`; the low half of an argument (both architectures are little endian). */
export const DATA = {
  syscall: 0,
  arch: 4,
  argLow: (index: number) => 16 + 8 * index,
} as const;

const MAX_JUMP = 255;
const INSTRUCTION_BYTES = 8;

export const load = (offset: number): Instruction => ({
  code: CODE.loadWord,
  jumpTrue: 0,
  jumpFalse: 0,
  k: offset,
});

export const answer = (action: number): Instruction => ({
  code: CODE.return,
  jumpTrue: 0,
  jumpFalse: 0,
  k: action,
});

/** `test` holds → `whenTrue`, else `whenFalse`. Every branch must end in a return: nothing joins them again. */
export function branch(
  code: number,
  k: number,
  whenTrue: readonly Instruction[],
  whenFalse: readonly Instruction[],
): Instruction[] {
  if (whenFalse.length > MAX_JUMP)
    throw new RangeError(`a BPF jump of ${whenFalse.length} does not fit in 8 bits`);
  return [{ code, jumpTrue: whenFalse.length, jumpFalse: 0, k }, ...whenFalse, ...whenTrue];
}

/** The array of `struct sock_filter` that bwrap's --seccomp reads. */
export function encodeProgram(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * INSTRUCTION_BYTES));
  program.forEach((instruction, index) => {
    const at = index * INSTRUCTION_BYTES;
    bytes.setUint16(at, instruction.code, true);
    bytes.setUint8(at + 2, instruction.jumpTrue);
    bytes.setUint8(at + 3, instruction.jumpFalse);
    bytes.setUint32(at + 4, instruction.k, true);
  });
  return new Uint8Array(bytes.buffer);
}
