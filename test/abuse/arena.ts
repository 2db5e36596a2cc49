import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Container,
  type ContainerSpec,
  createSandboxEngine,
  type Exit,
  type Limits,
  type Part,
  type Pod,
  type SandboxEngine,
} from '@assay/sandbox';

export const MIB = 1024 * 1024;
/** Kept between runs: it holds the copied runtime, some 100 MB. */
export const HOME = '/var/lib/assay-abuse-test';
export const RUNTIME_PACKAGES = join(import.meta.dirname, '../../content/runtime/node_modules');

/** Tight, so that every attack ends soon whatever it does. */
export const LIMITS: Limits = {
  memoryBytes: 192 * MIB,
  pids: 48,
  cpus: 1,
  outputBytes: MIB,
  tmpBytes: 8 * MIB,
  wallMs: 8_000,
};

export interface Attack {
  /** CommonJS, run by node as /app/main.js. */
  code?: string;
  /** Or a script for sh. */
  sh?: string;
  part?: Part;
  limits?: Partial<Limits>;
  env?: Record<string, string>;
  /** More files beside main.js. */
  files?: { path: string; content: string }[];
}

export interface Outcome {
  exit: Exit;
  output: string;
  /** Processes of the attacker's uid that outlived it. */
  left: number;
}

/** A tested engine and the means to attack it; each attack in a pod of its own unless one is given. */
export interface Arena {
  engine: SandboxEngine;
  log: string[];
  start(pod: Pod, attack: Attack): Promise<Container & { uid: number }>;
  run(attack: Attack): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openArena(): Promise<Arena> {
  const log: string[] = [];
  const engine = createSandboxEngine({
    home: HOME,
    runtimePackages: RUNTIME_PACKAGES,
    log: (line) => void log.push(line),
  });
  await engine.selfTest();

  const start = async (pod: Pod, attack: Attack) => {
    const part = attack.part ?? 'candidate';
    const files = [{ path: 'main.js', content: attack.code ?? '' }, ...(attack.files ?? [])];
    const app = await pod.addFiles(part, files);
    const { uid } = await stat(app.hostPath);
    const container = await pod.start({
      part,
      command: commandOf(attack),
      env: attack.env ?? {},
      cwd: '/app',
      mounts: { '/app': app },
      limits: { ...LIMITS, ...attack.limits },
    });
    return { ...container, uid };
  };

  const run = async (attack: Attack): Promise<Outcome> => {
    const pod = await engine.openPod();
    try {
      const container = await start(pod, attack);
      const exit = await container.exited;
      return { exit, output: container.outputTail(), left: await processesLeftOf(container.uid) };
    } finally {
      await pod.close();
    }
  };
  return { engine, log, start, run, close: () => engine.close() };
}

const commandOf = ({ sh }: Attack): ContainerSpec['command'] =>
  sh === undefined ? ['/usr/bin/node', '--max-old-space-size=96', '/app/main.js'] : ['/bin/sh', '-c', sh];

/** Living processes of a uid, on the host. */
export function processesOf(uid: number): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      return status.includes(`\nUid:\t${uid}\t`) && !/^State:\t[ZX]/m.test(status);
    } catch {
      return false; // ended since it was listed
    }
  });
}

/** A dying process is listed for a moment after its cgroup let go of it; a surviving one stays. */
async function processesLeftOf(uid: number): Promise<number> {
  await until(() => processesOf(uid).length === 0, 2_000).catch(() => undefined);
  return processesOf(uid).length;
}

export async function until(condition: () => boolean, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${condition}`);
    await delay(2);
  }
}

/** Resolves once the container has said `text`. */
export async function hasSaid(container: Container, text: string): Promise<void> {
  await until(() => container.outputTail().includes(text), 8_000);
}
