import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxEngine, type SandboxEngine } from '@assay/sandbox';

export interface TestSandbox {
  engine: SandboxEngine;
  close(): Promise<void>;
}

/** A proven engine of its own, in a folder that is removed with it. */
export async function openSandbox(): Promise<TestSandbox> {
  const home = await mkdtemp(join(tmpdir(), 'assay-sidecars-'));
  await chmod(home, 0o755); // the sandbox's user must be able to pass
  const runtimePackages = join(import.meta.dirname, '../../../content/runtime/node_modules');
  const engine = createSandboxEngine({ home, runtimePackages });
  await engine.selfTest();
  return {
    engine,
    async close() {
      await engine.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
