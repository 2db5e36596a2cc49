import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SandboxError } from '../engine.js';

/**
 * Absolute paths of the libraries and the loader that `binary` needs, e.g. /lib64/ld-linux-x86-64.so.2.
 * ldd may run the binary: only for programs of the host.
 */
export async function sharedLibraries(ldd: string, binary: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(ldd, [binary], { env: { PATH: '/usr/bin:/bin' } });
  const absent = /^\s*(\S+) => not found/m.exec(stdout)?.[1];
  if (absent) throw new SandboxError(`${binary} needs the library ${absent}, which is not installed`);
  // "libm.so.6 => /lib/x/libm.so.6 (0x…)" or "/lib64/ld.so (0x…)"; the vdso has no path.
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((match) => match[1] ?? '');
}
