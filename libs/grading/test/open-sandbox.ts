import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceFile } from '@assay/contracts';
import { createSandboxEngine, type SandboxEngine } from '@assay/sandbox';
import { gradeSolution } from '../src/grade-solution.js';
import { echoTask, serverFile, type TaskShape } from './echo-task.js';

export interface TestSandbox {
  engine: SandboxEngine;
  /** Grades a server with these checks, given by their code. Throws the reason when there is no verdict. */
  judge(
    checks: Readonly<Record<string, string>>,
    solution: string | SourceFile[],
    shape?: Partial<TaskShape>,
  ): Promise<{ verdict: string; message: string | null }[]>;
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
    async judge(checks, solution, shape = {}) {
      const hidden = Object.fromEntries(
        Object.entries(checks).map(([name, code]) => [name, { code, timeoutMs: 30_000 }]),
      );
      const bundle = echoTask({ hidden, ...shape });
      const files = typeof solution === 'string' ? serverFile(solution) : solution;
      const result = await gradeSolution({ engine, bundle, files, checks: 'hidden', seed: 'seed' });
      if (result.reason !== null) throw new Error(result.reason);
      return result.checks.map(({ verdict, message }) => ({ verdict, message }));
    },
    async close() {
      await engine.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
