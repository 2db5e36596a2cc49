import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { createSlots, type GradingSlots, gradeSolution, serverShape } from '@assay/grading';
import { createSandboxEngine, type SandboxEngine } from '@assay/sandbox';
import { loadTask, type TaskBundle } from '@assay/tasks';
import { ROOT, readSolution, TASK_ID } from './crud-task.js';
import { atMost, figure, type Measured } from './figures.js';
import { freePort } from './free-port.js';
import { measureInTurns } from './interleaved.js';
import { sandboxMemoryMb } from './measure-sandbox.js';
import { gradePlainly, PlainServer } from './plain-grading.js';
import { quantile } from './statistics.js';

const PORT = 3000;
const MIB = 1024 * 1024;
const REQUESTS = 2_000;
/**
 * A client that lies beside the server: a pod's network cannot be reached from here. At the first line it asks until
 * it is answered with 200, at the second it asks many times, one after the other, and says the median of them in µs.
 */
const CLIENT = `const http = require('node:http'), { once } = require('node:events');
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () => new Promise((resolve) => http.get({ port: Number(process.env.PORT), path: '/v1/books', agent, timeout: 9e4 },
    (response) => response.resume().once('end', () => resolve(response.statusCode))).once('error', () => setTimeout(resolve, 1)));
  (async () => {
    console.log('up');
    await once(process.stdin, 'data');
    while (await ask() !== 200);
    console.log('answered');
    await once(process.stdin, 'data');
    const times = [];
    for (let i = 0; i < ${REQUESTS}; i += 1) { const at = process.hrtime.bigint(); await ask(); times.push(Number(process.hrtime.bigint() - at) / 1e3); }
    console.log(times.sort((a, b) => a - b)[times.length >> 1]);
  })();`;

interface Client {
  stdin: Writable | null;
  stdout: Readable | null;
}

interface WarmRound {
  firstAnswerMs: number;
  requestUs: number;
  /** Until the next server waits. */
  refillMs: number;
}

interface Grading {
  engine: SandboxEngine;
  slots: GradingSlots;
  bundle: TaskBundle;
  files: { path: string; content: string }[];
}

/** Servers and slots that are warm, beside plain ones. `starts`: of single servers; `pairs`: of whole gradings. */
export async function measureWarmGradings(home: string, starts: number, pairs: number): Promise<Measured> {
  const engine = createSandboxEngine({ home, runtimePackages: join(ROOT, 'content/runtime/node_modules') });
  const plain = await PlainServer.prepare();
  try {
    await engine.selfTest();
    const slots = createSlots(engine, 1);
    const bundle = await loadTask(join(ROOT, 'content/tasks', TASK_ID));
    const grading = { engine, slots, bundle, files: await readSolution() };
    slots.prepare();
    await isReady(slots);
    const memoryMb = sandboxMemoryMb();
    const servers = await measureInTurns(
      starts,
      () => measurePlainServer(plain),
      () => measureWarmServer(grading),
    );
    const names = bundle.manifest.checks.hidden;
    const whole = await measureInTurns(
      pairs,
      () => gradePlainly(plain, names, 'one-ready'),
      () => gradeWarm(grading),
    );
    await slots.close();
    const warm = servers.map(({ ours }) => ours.firstAnswerMs);
    const first = figure(
      'warm-first-answer',
      'from the code to the first 200 of a server that waits',
      'ms',
      warm,
    );
    const slowest = figure('warm-first-answer-p90', 'the same, p90', 'ms', [quantile(warm, 0.9)]);
    const request = figure(
      'request-overhead',
      'a request in a sandbox against one between plain processes, p50',
      '×',
      servers.map(({ ours, peer }) => ours.requestUs / peer),
    );
    const ratio = figure(
      'whole-grading',
      'a whole grading in a warm slot against the same checks on one plain, running server',
      '×',
      whole.map(({ ours, peer }) => ours / peer.wallMs),
    );
    const refills = servers.map(({ ours }) => ours.refillMs);
    return {
      results: [
        ...[first, slowest, request],
        figure('warm-refill', 'until another server waits, beside nothing else', 'ms', refills),
        figure('slot-memory', 'what waits in a slot: harness, server, launchers', 'MB', [memoryMb]),
        ratio,
        figure(
          'warm-grading',
          'a whole grading in a warm slot',
          'ms',
          whole.map(({ ours }) => ours),
        ),
        figure(
          'one-running-server',
          'the same checks on one plain, running server',
          'ms',
          whole.map(({ peer }) => peer.wallMs),
        ),
      ],
      goals: [atMost(first, 5), atMost(slowest, 10), atMost(request, 1.1), atMost(ratio, 1.3)],
    };
  } finally {
    await Promise.all([engine.close(), plain.remove()]);
  }
}

/** Resolves once all that the one slot keeps ready is ready. */
async function isReady(slots: GradingSlots): Promise<void> {
  const slot = await slots.enter();
  const goOn = await slot.quiet();
  goOn();
  slots.leave(slot);
}

async function gradeWarm(grading: Grading): Promise<number> {
  await isReady(grading.slots);
  const startedAtMs = performance.now();
  const { score, reason } = await gradeSolution({ ...grading, checks: 'hidden', seed: 'bench' });
  if (score !== 1) throw new Error(`the reference did not get its full score: ${reason}`);
  return performance.now() - startedAtMs;
}

async function measureWarmServer({ slots, bundle, files }: Grading): Promise<WarmRound> {
  await isReady(slots);
  const slot = await slots.enter();
  const ready = await slot.take(serverShape(bundle.manifest, files));
  try {
    const client = await ready.pod.start({
      part: 'upstream',
      command: ['/usr/bin/node', '-e', CLIENT],
      env: { PORT: String(PORT) },
      cwd: '/',
      mounts: {},
      limits: { memoryBytes: 128 * MIB, pids: 64, cpus: 1, outputBytes: MIB, tmpBytes: MIB, wallMs: 600_000 },
    });
    await said(client);
    const server = await ready.servers.take();
    const startedAtMs = performance.now();
    const answered = next(client);
    await ready.pod.fill(ready.folders.app, files);
    await server.go({ program: ['server.js'], env: {} });
    await answered;
    const firstAnswerMs = performance.now() - startedAtMs;
    const requestUs = Number(await next(client));
    const refilledAtMs = performance.now();
    ready.servers.refill();
    const goOn = await ready.servers.quiet();
    const refillMs = performance.now() - refilledAtMs;
    goOn();
    return { firstAnswerMs, requestUs, refillMs };
  } finally {
    await ready.close();
    slots.leave(slot);
  }
}

/** The median of its requests, µs. */
async function measurePlainServer(plain: PlainServer): Promise<number> {
  const port = await freePort();
  const server = plain.start(port);
  const client: ChildProcess = spawn(process.execPath, ['-e', CLIENT], {
    env: { PORT: String(port) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await said(client);
    await next(client);
    return Number(await next(client));
  } finally {
    client.kill('SIGKILL');
    server.kill('SIGKILL');
  }
}

async function said({ stdout }: Client): Promise<string> {
  if (!stdout) throw new Error('the client has no stdout');
  return String((await once(stdout, 'data'))[0]);
}

function next(client: Client): Promise<string> {
  client.stdin?.write('\n');
  return said(client);
}
