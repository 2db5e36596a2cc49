import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SandboxError } from '../engine.js';

/** A Node that candidates' code may run on. */
export interface NodeProgram {
  /** Of the executable, on the host. */
  path: string;
  /** e.g. `v22.23.3` */
  version: string;
}

/** The Node that this process runs on. */
export const ownNode = (): NodeProgram => ({ path: process.execPath, version: process.version });

/**
 * Our own Node where it is of that major version, else the npm package that is installed beside `runtimePackages`, in
 * `node<major>/`. Rejects with `SandboxError` when it is not.
 */
export async function nodeOfMajor(major: number, runtimePackages: string): Promise<NodeProgram> {
  if (process.version.startsWith(`v${major}.`)) return ownNode();
  const folder = join(dirname(runtimePackages), `node${major}`, 'node_modules', `node-linux-${process.arch}`);
  try {
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return { path: join(folder, 'bin', 'node'), version: `v${String(version)}` };
  } catch (cause) {
    throw new SandboxError(
      `Node ${major} is not installed here: run node tools/bootstrap/install-node.mjs ${major} in the checkout`,
      { cause },
    );
  }
}
