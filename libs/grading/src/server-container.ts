import { isBuiltin } from 'node:module';
import type { SourceFile } from '@assay/contracts';
import type { ContainerSpec, FolderHandle, RootName } from '@assay/sandbox';
import { TaskLimits, type TaskManifest } from '@assay/tasks';
import type { Go } from './harness/go.js';
import { SHIM_MAIN, WARM_START } from './harness-files.js';

export const CANDIDATE_PORT = 3000;
export const MIB = 1024 * 1024;

/** The harness ends a check in time; this ends a server whose harness did not: the longest check, its start and some more. */
const LIFE_MS = 240_000;

/**
 * V8 sizes its heap from the host's memory, which the sandbox does not hide: without a cap it would leave garbage lying
 * until the container is killed for memory. The rest is for buffers, stacks and code.
 */
const HEAP_SHARE = 0.6;

const PACKAGE_NAME = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/;
/** Variables that Node, or a package as it is loaded, reads once: who sets one wants a process that starts with it. */
const READ_AT_START =
  /^(?:NODE_(?!ENV$)|UV_|LD_|LC_|LANG|SSL_|MALLOC_|DEBUG|(?:NO|TRACE)_DEPRECATION$|NO_COLOR$|FORCE_COLOR$)/;

/** What must be known of a server before its node boots. */
export interface ServerShape {
  root: RootName;
  limits: TaskLimits;
  /** Loaded in advance: vendored ones that the solution names as dependencies, and imports. */
  packages: readonly string[];
}

/** What most tasks ask for. */
export const USUAL_SHAPE: ServerShape = {
  root: 'node',
  limits: TaskLimits.parse({}),
  packages: ['express'],
};

export function serverShape({ node, limits }: TaskManifest, files: readonly SourceFile[]): ServerShape {
  const isImported = (name: string) =>
    files.some(({ content }) => content.includes(`'${name}'`) || content.includes(`"${name}"`));
  // Names only: anything else could make the loader run a file of the candidate's.
  const names = dependenciesOf(files).filter((name) => PACKAGE_NAME.test(name) && !isBuiltin(name));
  return {
    root: node === undefined ? 'node' : `node${node}`,
    limits,
    packages: names.filter(isImported).sort(),
  };
}

/** Whether a container for the one can be that of the other. */
export function isSameShape(one: ServerShape, other: ServerShape): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether a process that has booted can be given them. */
export function canBeGivenLate(env: Go['env']): boolean {
  return !Object.keys(env).some((name) => READ_AT_START.test(name));
}

/** What lies in the container: the solution's files, and ours that start it. */
export interface ServerFolders {
  app: FolderHandle;
  shim: FolderHandle;
}

/** The container of the server, or module, under test, until it is told to go. `env` is added to PORT. */
export function serverContainer(
  { root, limits, packages }: ServerShape,
  { app, shim }: ServerFolders,
  env: Go['env'],
): ContainerSpec {
  const heapMb = Math.floor(limits.memoryMb * HEAP_SHARE);
  return {
    part: 'candidate',
    root,
    command: ['/usr/bin/node', `--max-old-space-size=${heapMb}`, `/shim/${WARM_START}`, ...packages],
    env: { ...env, PORT: String(CANDIDATE_PORT) },
    cwd: '/app',
    mounts: { '/app': app, '/shim': shim },
    control: true,
    limits: {
      memoryBytes: limits.memoryMb * MIB,
      pids: limits.pids,
      cpus: limits.cpus,
      outputBytes: limits.outputKb * 1024,
      tmpBytes: limits.tmpMb * MIB,
      wallMs: LIFE_MS,
    },
  };
}

/** What it runs when its turn has come. */
export function programOf(manifest: TaskManifest): readonly string[] {
  return manifest.mode === 'http'
    ? manifest.server.command.slice(1)
    : [`/shim/${SHIM_MAIN}`, `/app/${manifest.module.file}`, String(CANDIDATE_PORT)];
}

function dependenciesOf(files: readonly SourceFile[]): string[] {
  const content = files.find(({ path }) => path === 'package.json')?.content ?? '{}';
  try {
    const { dependencies } = JSON.parse(content) as { dependencies?: unknown };
    return typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : [];
  } catch {
    return [];
  }
}
