import { join, resolve } from 'node:path';
import {
  createSandboxEngine,
  isWallName,
  type SandboxEngine,
  WALL_NAMES,
  type WallName,
} from '@assay/sandbox';
import type { NodeMajor } from '@assay/tasks';
import { installNode } from '../bootstrap/install-node.mjs';

/** What the commands that grade take from the process, so that specs can put something else there. */
export interface GradingEnvironment {
  /** The repository's `content/`. */
  contentFolder: string;
  /** `wall`: what `--engine` said; else ASSAY_SANDBOX_ENGINE, or bwrap. */
  openEngine(wall?: WallName): SandboxEngine | Promise<SandboxEngine>;
  /** Makes the Node that a task chooses available to engines; rejects when it cannot be had. */
  installNode(major: NodeMajor): Promise<unknown>;
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
  const { ASSAY_HOME, ASSAY_SANDBOX_ENGINE = 'bwrap', NO_COLOR } = process.env;
  const contentFolder = join(root, 'content');
  return {
    contentFolder,
    installNode,
    openEngine: (wall = readWallName(ASSAY_SANDBOX_ENGINE)) =>
      createSandboxEngine({
        wall,
        home: resolve(ASSAY_HOME ?? join(root, '.assay')),
        runtimePackages: join(contentFolder, 'runtime', 'node_modules'),
      }),
    stdout: process.stdout,
    stderr: process.stderr,
    colour: process.stdout.isTTY === true && NO_COLOR === undefined,
    signal: stop.signal,
  };
}

/** Throws for a name that no wall has. */
export function readWallName(text: string): WallName {
  if (isWallName(text)) return text;
  throw new Error(`there is no engine "${text}": one of ${WALL_NAMES.join(', ')}`);
}
