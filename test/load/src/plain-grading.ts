import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type CheckSpec, loadTask, startedByOf, type TaskManifest } from '@assay/tasks';
import { ROOT, SOLUTION, TASK_ID } from './crud-task.js';
import { freePort } from './free-port.js';

/** The peer of a grading: the same checks, sent by the same harness to `node server.js` without any sandbox. */
export interface PlainGrading {
  wallMs: number;
  /** How long each check had to wait for its server. */
  startsMs: number[];
  passed: number;
}

/** What the harness says, as far as this task's checks make it say anything (libs/grading/src/harness/messages.ts). */
type Message =
  | { type: 'ready' }
  | { type: 'prepared' }
  | { type: 'ask'; id: string; ask: { do: string; withinMs: number } }
  | { type: 'result'; name: string; verdict: string; ms: number }
  | { type: 'broken'; reason: string };

const HARNESS = join(ROOT, 'libs/grading/dist/in-sandbox/checks/main.js');
const TASK = join(ROOT, 'content/tasks', TASK_ID);
const CHECKS = join(TASK, 'checks/hidden.mjs');
/** As far as a check may go; none of them comes near. */
const START_TIMEOUT_MS = 30_000;
const CHECK_TIMEOUT_MS = 60_000;

/** The solution where plain Node finds it together with the packages it may use. */
export class PlainServer {
  private constructor(
    private readonly folder: string,
    private readonly manifest: TaskManifest,
  ) {}

  static async prepare(): Promise<PlainServer> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
    await cp(join(ROOT, SOLUTION), join(folder, 'app'), { recursive: true });
    await symlink(join(ROOT, 'content/runtime/node_modules'), join(folder, 'node_modules'));
    return new PlainServer(folder, (await loadTask(TASK)).manifest);
  }

  /** How the harness is told to run one of the task's hidden checks, a probe among them. */
  howToRun(name: string): { probe: CheckSpec | null; startedBy: 'harness' | 'check' } {
    const check = this.manifest.checks.hidden.find((one) => one.name === name);
    if (!check) throw new Error(`${TASK_ID} has no hidden check ${name}`);
    return { probe: check.probe === undefined ? null : check, startedBy: startedByOf(this.manifest, check) };
  }

  start(port: number): ChildProcess {
    const env = { PATH: process.env.PATH, PORT: String(port) };
    return spawn(process.execPath, ['server.js'], { cwd: join(this.folder, 'app'), env, stdio: 'ignore' });
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

async function end(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1');
    const isListening = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isListening) return;
    await delay(5);
  }
}

/**
 * Runs these checks, one after the other, against a fresh server each, or all of them against one and the same. Then
 * those that rest on an empty service fail; they have sent most of their requests by then. `one-ready`: that one listens
 * already, and nothing has to end, when the clock runs.
 */
export async function gradePlainly(
  plain: PlainServer,
  checks: readonly { name: string }[],
  servers: 'one-a-check' | 'one' | 'one-ready',
): Promise<PlainGrading> {
  const port = await freePort();
  let startedAtMs = performance.now();
  const harness = spawn(process.execPath, [HARNESS, join(ROOT, SOLUTION), String(port)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const send = (command: object) => harness.stdin.write(`${JSON.stringify(command)}\n`);
  const left = [...checks];
  const startsMs: number[] = [];
  let passed = 0;
  let server: ChildProcess | null = null;
  let runAtMs = 0;
  const next = (): boolean => {
    const check = left.shift();
    runAtMs = performance.now();
    const [startTimeoutMs, timeoutMs] = [START_TIMEOUT_MS, CHECK_TIMEOUT_MS];
    const how = {
      seed: 'bench',
      mode: 'http',
      startTimeoutMs,
      timeoutMs,
      quiet: false,
      sidecars: null,
      instances: 1,
    };
    if (check) send({ type: 'run', name: check.name, ...how, ...plain.howToRun(check.name) });
    return check !== undefined;
  };
  try {
    if (servers === 'one-ready') {
      server = plain.start(port);
      await untilListening(port);
      startedAtMs = performance.now();
    }
    send({ type: 'load', checksFile: CHECKS });
    for await (const line of createInterface({ input: harness.stdout })) {
      const message = JSON.parse(line) as Message; // our own harness
      if (message.type === 'broken') throw new Error(message.reason);
      if (message.type === 'prepared') {
        send({ type: 'begin' });
        continue;
      }
      if (message.type === 'ask') {
        // What else it asks: whether the server ends while it is waited for. It does not.
        if (message.ask.do === 'start') {
          server ??= plain.start(port);
          send({ type: 'answer', id: message.id, value: null });
        } else if (message.ask.do === 'kill') {
          // A comparison, whose windows have fresh servers as checks have.
          if (servers === 'one-a-check') {
            await end(server);
            server = null;
          }
          send({ type: 'answer', id: message.id, value: { crashed: false } });
        }
        continue;
      }
      if (message.type === 'result') {
        startsMs.push(performance.now() - runAtMs - message.ms);
        if (message.verdict === 'passed') passed += 1;
        if (servers === 'one-a-check') {
          await end(server);
          server = null;
        }
      }
      if (!next()) break;
    }
    if (servers === 'one-ready') return { wallMs: performance.now() - startedAtMs, startsMs, passed };
  } finally {
    await Promise.all([end(server), end(harness)]);
  }
  return { wallMs: performance.now() - startedAtMs, startsMs, passed };
}
