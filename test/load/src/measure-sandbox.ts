import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSandboxEngine, type Pod } from '@assay/sandbox';
import { ROOT } from './crud-task.js';
import { atMost, figure, type Measured } from './figures.js';
import { measureInTurns } from './interleaved.js';

const MIB = 1024 * 1024;
const LIMITS = {
  memoryBytes: 128 * MIB,
  pids: 64,
  cpus: 1,
  outputBytes: MIB,
  tmpBytes: MIB,
  wallMs: 60_000,
};
/** A server that answers its own first request and says so: a pod's network cannot be reached from here. */
const SERVER = `const http = require('node:http');
  const server = http.createServer((_, response) => response.end('hello')).listen(Number(process.env.PORT), '127.0.0.1', () =>
    http.get({ port: server.address().port }, (response) => response.resume().once('end', () => console.log(response.statusCode))));`;
const NODE_OPTIONS = ['--max-old-space-size=96', '-e', SERVER];

interface Parts {
  /** All guarantees proved, on an engine that has just been made. */
  selfTestMs: number;
  /** A pod with its network, made on demand. */
  podMs: number;
  /** The same, until all that a pod keeps ready is ready too. */
  readyPodMs: number;
  /** What the processes that wait in a ready pod hold, a shared page divided among those who share it. */
  readyPodMb: number;
  containers: ContainerRound[];
}

interface ContainerRound {
  /** The same on a plain process. */
  peer: { firstAnswerMs: number };
  /** From the call to the container's own command, to its first answer; until it is ended and its cgroup empty. */
  ours: { startMs: number; firstAnswerMs: number; killMs: number; refillMs: number };
}

/** What the sandbox itself costs, beside plain processes that do the same. `times`: engines, each with so many `pairs`. */
export async function measureSandbox(home: string, times: number, pairs: number): Promise<Measured> {
  const parts: Parts[] = [];
  while (parts.length < times) parts.push(await measureEngine(home, pairs));
  const rounds = parts.flatMap(({ containers }) => containers);

  const cold = figure(
    'sandbox-cold-over-plain',
    'the first answer of a cold sandboxed node, later than that of plain node',
    'ms',
    rounds.map(({ ours, peer }) => ours.firstAnswerMs - peer.firstAnswerMs),
  );
  const kill = figure(
    'sandbox-kill',
    'a sandboxed node is killed, and nothing is left of it',
    'ms',
    rounds.map(({ ours }) => ours.killMs),
  );
  const refill = figure(
    'sandbox-refill',
    'another pod is ready in advance',
    'ms',
    parts.map(({ readyPodMs }) => readyPodMs),
  );
  const memory = figure(
    'sandbox-ready-memory',
    'memory of the processes that wait in a ready pod',
    'MB',
    parts.map(({ readyPodMb }) => readyPodMb),
  );
  return {
    results: [
      figure(
        'sandbox-self-test',
        'the sandbox proves its guarantees',
        'ms',
        parts.map(({ selfTestMs }) => selfTestMs),
      ),
      cold,
      figure(
        'sandbox-cold-vs-plain',
        'the same as a ratio',
        '×',
        rounds.map(({ ours, peer }) => ours.firstAnswerMs / peer.firstAnswerMs),
      ),
      figure(
        'plain-cold',
        'plain node, until its first answer',
        'ms',
        rounds.map(({ peer }) => peer.firstAnswerMs),
      ),
      figure(
        'sandbox-start',
        'a container, until its command runs',
        'ms',
        rounds.map(({ ours }) => ours.startMs),
      ),
      kill,
      figure(
        'sandbox-pod',
        'a pod with its network, on demand',
        'ms',
        parts.map(({ podMs }) => podMs),
      ),
      refill,
      figure(
        'sandbox-launcher-refill',
        'another launcher is parked, beside the node that took one',
        'ms',
        rounds.map(({ ours }) => ours.refillMs),
      ),
      memory,
    ],
    goals: [atMost(cold, 5), atMost(kill, 10), atMost(refill, 100), atMost(memory, 15)],
  };
}

async function measureEngine(home: string, pairs: number): Promise<Parts> {
  const engine = createSandboxEngine({
    home,
    runtimePackages: join(ROOT, 'content/runtime/node_modules'),
  });
  try {
    const [, selfTestMs] = await timed(() => engine.selfTest());
    const startedAtMs = performance.now();
    const pod = await engine.openPod();
    const podMs = performance.now() - startedAtMs;
    await allIsReady(pod);
    const readyPodMs = performance.now() - startedAtMs;
    const readyPodMb = sandboxMemoryMb();
    const containers = await measureInTurns(pairs, measurePlain, () => measureContainer(pod));
    return { selfTestMs, podMs, readyPodMs, readyPodMb, containers };
  } finally {
    await engine.close();
  }
}

async function measurePlain(): Promise<ContainerRound['peer']> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, NODE_OPTIONS, {
    env: { PATH: '/usr/bin', HOME: '/tmp', TZ: 'UTC', PORT: '0' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const firstAnswerMs = performance.now() - startedAtMs;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
  return { firstAnswerMs };
}

async function measureContainer(pod: Pod): Promise<ContainerRound['ours']> {
  const startedAtMs = performance.now();
  const container = await pod.start({
    part: 'candidate',
    command: ['/usr/bin/node', ...NODE_OPTIONS],
    env: { PORT: '3000' },
    cwd: '/',
    mounts: {},
    limits: LIMITS,
  });
  const startMs = performance.now() - startedAtMs;
  const [refillMs, firstAnswerMs] = await Promise.all([
    allIsReady(pod).then(() => performance.now() - startedAtMs - startMs),
    once(container.stdout, 'data').then(() => performance.now() - startedAtMs),
  ]);
  const [, killMs] = await timed(() => container.kill());
  return { startMs, firstAnswerMs, killMs, refillMs };
}

async function allIsReady(pod: Pod): Promise<void> {
  const goOn = await pod.quiet();
  goOn();
}

/** Of all processes in the cgroups of this process's engines, a shared page divided among those who share it. */
export function sandboxMemoryMb(): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const kb = pids
    .filter((pid) => readProc(pid, 'cgroup').includes(`/assay-${process.pid}-`))
    .map((pid) => Number(/^Pss:\s+(\d+) kB$/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0));
  return kb.reduce((sum, one) => sum + one, 0) / 1024;
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended since it was listed
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const startedAtMs = performance.now();
  return [await work(), performance.now() - startedAtMs];
}
