import { CLONE_NEW_ANYTHING, ENOSYS, EPERM, SOCKETS } from '../seccomp/seccomp-program.js';
import { type SandboxArch, SYSCALLS } from '../seccomp/syscall-table.js';

/** The `linux.seccomp` of an OCI configuration; names and operators are libseccomp's. */
export interface SeccompProfile {
  defaultAction: string;
  defaultErrnoRet: number;
  architectures: string[];
  syscalls: SeccompRule[];
}

interface SeccompRule {
  names: string[];
  action: string;
  errnoRet?: number;
  args?: { index: number; op: string; value: number; valueTwo: number }[];
}

const ALLOW = 'SCMP_ACT_ALLOW';
const ERRNO = 'SCMP_ACT_ERRNO';
const ARCHITECTURES: Readonly<Record<SandboxArch, string>> = {
  x64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
};
const LOW_HALF = 0xffffffff;

/** True when the bits of `mask` in an argument are `value`. */
const bits = (index: number, mask: number, value: number) => ({
  index,
  op: 'SCMP_CMP_MASKED_EQ',
  value: mask,
  valueTwo: value,
});

/**
 * The decisions of `seccompProgram` in an OCI runtime's words. libseccomp kills what comes through another ABI by
 * itself, and runc answers ENOSYS to calls newer than the newest one named here, as we do; crun would say EPERM.
 */
export function seccompProfile(arch: SandboxArch): SeccompProfile {
  return {
    defaultAction: ERRNO,
    defaultErrnoRet: EPERM,
    architectures: [ARCHITECTURES[arch]],
    syscalls: [
      { names: Object.keys(SYSCALLS[arch].allowed), action: ALLOW },
      { names: ['clone3'], action: ERRNO, errnoRet: ENOSYS },
      { names: ['clone'], action: ALLOW, args: [bits(0, CLONE_NEW_ANYTHING, 0)] },
      ...SOCKETS.flatMap(({ family, protocols }) =>
        protocols.map((protocol) => ({
          names: ['socket'],
          action: ALLOW,
          args: [bits(0, LOW_HALF, family), bits(2, LOW_HALF, protocol)],
        })),
      ),
    ],
  };
}
