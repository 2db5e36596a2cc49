import { join, resolve } from 'node:path';
import { createSandboxEngine, type SandboxEngine } from '@assay/sandbox';

/** What the commands that grade take from the process, so that specs can put something else there. */
export interface GradingEnvironment {
  /** The repository's `content/`. */
  contentFolder: string;
  openEngine(): SandboxEngine | Promise<SandboxEngine>;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Whether stdout wants colour. */
  colour: boolean;
  /** Aborts at Ctrl-C or SIGTERM. */
  signal: AbortSignal;
}

const root = join(import.meta.dirname, '..', '..');

/** The environment of a real command: ASSAY_HOME holds the engine's folders (`.assay/` in the checkout without it). */
export function openCommandLine(): GradingEnvironment {
  const stop = new AbortController();
  // once: a second Ctrl-C ends the process as usual, should closing hang.
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const { ASSAY_HOME, NO_COLOR } = process.env;
  const contentFolder = join(root, 'content');
  return {
    contentFolder,
    openEngine: () =>
      createSandboxEngine({
        home: resolve(ASSAY_HOME ?? join(root, '.assay')),
        runtimePackages: join(contentFolder, 'runtime', 'node_modules'),
      }),
    stdout: process.stdout,
    stderr: process.stderr,
    colour: process.stdout.isTTY === true && NO_COLOR === undefined,
    signal: stop.signal,
  };
}
