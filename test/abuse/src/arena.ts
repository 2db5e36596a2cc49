import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SourceFile } from '@assay/contracts';
import { createSlots, type GradingResult, gradeSolution } from '@assay/grading';
import {
  type Container,
  type ContainerSpec,
  createSandboxEngine,
  type Exit,
  type Limits,
  type Part,
  type Pod,
  type SandboxEngine,
  type WallName,
} from '@assay/sandbox';
import { loadTask } from '@assay/tasks';

export const MIB = 1024 * 1024;
const checkout = join(import.meta.dirname, '../../..');
const isRoot = process.getuid?.() === 0;
/** Kept between runs: it holds the copied runtime, some 100 MB. */
export const HOME = isRoot ? '/var/lib/assay-abuse-test' : join(checkout, '.assay', 'abuse-test');
export const RUNTIME_PACKAGES = join(checkout, 'content/runtime/node_modules');

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

/** A task beside this folder: one that asks for little, and one with every sidecar. */
type AbuseTask = 'target' | 'guarded';

/** What tells an attack's processes from others: its user, and where that is our own, a folder that only it has mounted. */
export interface Attacker {
  uid: number;
  folder: string;
}

/** An engine that has proved its guarantees, and the means to attack it. */
export interface Arena {
  wall: WallName;
  engine: SandboxEngine;
  log: string[];
  start(pod: Pod, attack: Attack): Promise<Container & Attacker>;
  /** In a pod of its own. */
  run(attack: Attack): Promise<Outcome>;
  /** The JSON that an attack printed; in it `fs`, `attempt(action)` and `say(value)` are at hand. */
  ask<T>(code: string, attack?: Attack): Promise<T>;
  /** Grades a server (ES module) by the task beside this file, whose checks ask for little. */
  grade(server: string, moreFiles?: readonly SourceFile[], task?: AbuseTask): Promise<GradingResult>;
  /** Rejects unless a right solution gets all marks: what an attack left behind would show here. */
  gradeNext(): Promise<void>;
  close(): Promise<void>;
}

const PACKAGE = { path: 'package.json', content: '{"type":"module"}' };

const PRELUDE = `const fs = require('node:fs');
  const attempt = (action) => { try { action(); return 'done'; } catch (error) { return error.code ?? String(error); } };
  const say = (value) => console.log(JSON.stringify(value));
`;

export const openEngine = (wall: WallName, log: string[]): SandboxEngine =>
  createSandboxEngine({
    wall,
    home: HOME,
    runtimePackages: RUNTIME_PACKAGES,
    log: (line) => void log.push(line),
  });

export async function openArena(wall: WallName = 'bwrap'): Promise<Arena> {
  const log: string[] = [];
  const engine = openEngine(wall, log);
  await engine.selfTest();
  // One slot: what is graded next is given what the attack before it left there.
  const slots = createSlots(engine, 1, (line) => void log.push(line));
  const bundles = {
    target: await loadTask(join(checkout, 'test/abuse/target')),
    guarded: await loadTask(join(checkout, 'test/abuse/guarded')),
  };

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
    return { ...container, uid, folder: app.hostPath };
  };

  const run = async (attack: Attack): Promise<Outcome> => {
    const pod = await engine.openPod();
    try {
      const container = await start(pod, attack);
      const exit = await container.exited;
      return { exit, output: container.outputTail(), left: await processesLeftOf(container) };
    } finally {
      await pod.close();
    }
  };

  const gradeFiles = (task: AbuseTask, files: readonly SourceFile[]) =>
    gradeSolution({ engine, slots, bundle: bundles[task], files, checks: 'hidden', seed: 'abuse' });

  return {
    wall,
    engine,
    log,
    start,
    run,
    async ask<T>(code: string, attack: Attack = {}) {
      const { exit, output } = await run({ ...attack, code: PRELUDE + code });
      try {
        return JSON.parse(output) as T; // each attack says what it prints
      } catch {
        throw new Error(`the attack did not run to its end: ${JSON.stringify(exit)} ${output.slice(-500)}`);
      }
    },
    grade: (server, moreFiles = [], task = 'target') =>
      gradeFiles(task, [
        ...(moreFiles.some(({ path }) => path === 'package.json') ? [] : [PACKAGE]),
        { path: 'server.js', content: server },
        ...moreFiles,
      ]),
    async gradeNext() {
      const { outcome, reason, score, checks } = await gradeFiles('target', bundles.target.reference);
      if (outcome !== 'completed' || score !== 1)
        throw new Error(`the next grading is wrong: ${outcome} ${reason} ${JSON.stringify(checks)}`);
    },
    async close() {
      await slots.close();
      await engine.close();
    },
  };
}

const commandOf = ({ sh }: Attack): ContainerSpec['command'] =>
  sh === undefined ? ['/usr/bin/node', '--max-old-space-size=96', '/app/main.js'] : ['/bin/sh', '-c', sh];

/** Living processes of an attack, on the host. */
export function processesOf({ uid, folder }: Attacker): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      const isOfUser = status.includes(`\nUid:\t${uid}\t`) && !/^State:\t[ZX]/m.test(status);
      return (
        isOfUser && (isRoot || readFileSync(`/proc/${name}/mountinfo`, 'utf8').includes(basename(folder)))
      );
    } catch {
      return false; // ended since it was listed
    }
  });
}

/** A dying process is listed for a moment after its cgroup let go of it; a surviving one stays. */
export async function processesLeftOf(attacker: Attacker): Promise<number> {
  await until(() => processesOf(attacker).length === 0, 2_000).catch(() => undefined);
  return processesOf(attacker).length;
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
