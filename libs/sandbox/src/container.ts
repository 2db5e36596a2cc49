import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { emptyCgroup, killCgroup, removeCgroup } from './cgroup/empty-cgroup.js';
import { openContainerOutput } from './container-output.js';
import { signalCommand, usageOf } from './container-processes.js';
import { type Container, type Exit, SandboxError } from './engine.js';
import {
  bwrapOptions,
  CONTROL_FD,
  type Launch,
  launchCommand,
  OPTIONS_FD,
  READY_FD,
} from './launch-command.js';
import type { Log } from './log.js';

const START_WITHIN_MS = 10_000;
/** After SIGKILL a process is gone in milliseconds, unless the kernel itself hangs. */
const DIE_WITHIN_MS = 10_000;
const FIRST_SIGNAL_STATUS = 128;

export interface RunningContainer extends Container {
  /** False when processes were left that not even SIGKILL ended; known once `exited` has resolved. */
  isGone(): boolean;
}

/** Starts a container in the cgroup made for it, which is removed with it. Rejects with `SandboxError`. */
export async function startContainer(launch: Launch, log: Log): Promise<RunningContainer> {
  const { cgroup, spec } = launch;
  const [program, ...args] = launchCommand(launch);
  // An empty environment: what we hold must not even reach the programs before bwrap.
  const child = spawn(program, args, {
    env: {},
    cwd: '/',
    stdio: Array.from({ length: spec.control ? CONTROL_FD + 1 : CONTROL_FD }, () => 'pipe' as const),
  }) as Child; // stdin, stdout and stderr are pipes
  const ended = endOf(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));

  let cause: Exit['cause'] | null = null;
  const hung = unresolved<EndStatus>();
  const end = (why: Exit['cause']) => {
    if (cause) return;
    cause = why;
    setTimeout(hung.resolve, DIE_WITHIN_MS, { code: null, signal: null }).unref();
    child.kill('SIGKILL');
    killCgroup(cgroup.folders);
  };
  const output = openContainerOutput(spec.limits.outputBytes, () => end('output_exceeded'));
  child.stdout.on('data', (chunk: Buffer) => output.add(chunk, true));
  child.stderr.on('data', (chunk: Buffer) => output.add(chunk, false));
  child.stdin.on('error', () => undefined); // EPIPE: the container's end says what there is to say
  pipeOf(child, OPTIONS_FD).end(bwrapOptions(launch));

  let isGone = false;
  const cleanUp = async () => {
    // A process outside the cgroup's reach would keep its pipes open; that must not keep us.
    const isEmpty = await emptyCgroup(cgroup.folders);
    await Promise.race([closed, delay(DIE_WITHIN_MS, null, { ref: false })]);
    output.end();
    const oom = await countOomKills(launch, log);
    isGone = isEmpty && (await removeCgroup(cgroup.folders));
    if (!isGone) log(`the sandbox ${cgroup.name} could not be ended: its processes survive SIGKILL`);
    return oom;
  };

  if (!(await isReady(child, ended))) {
    end('killed');
    const { oomKills } = await cleanUp();
    const why =
      oomKills > 0 ? `${spec.limits.memoryBytes} bytes are too few to start in` : output.tail().trim();
    throw new SandboxError(`the sandbox did not start: ${why || 'it said nothing'}`);
  }

  const wallTimer = setTimeout(() => end('timed_out'), spec.limits.wallMs);
  const finish = async (): Promise<Exit> => {
    const status = await Promise.race([ended, hung.promise]);
    clearTimeout(wallTimer);
    const why = cause ?? 'exited';
    cause = why; // whatever is killed now is left over
    const { oomKills, machineRanOut } = await cleanUp();
    // Memory comes first, whatever ended the container later: on cgroup v2 the kernel would have ended it then.
    return { cause: oomKills > 0 ? 'memory_exceeded' : machineRanOut ? 'killed' : why, ...status, oomKills };
  };
  const exited = finish();
  return {
    stdin: child.stdin,
    control: spec.control ? pipeOf(child, CONTROL_FD) : null,
    stdout: output.stdout,
    exited,
    outputTail: output.tail,
    onOutput: output.listen,
    kill() {
      end('killed');
      return exited;
    },
    signal: (name) => signalCommand(cgroup.folders, name),
    usage: () => usageOf(cgroup.folders),
    isGone: () => isGone,
  };
}

type EndStatus = Pick<Exit, 'code' | 'signal'>;
type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function unresolved<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** bwrap's own end, which is its program's: it passes a status on, and 128 + n for the signal n. */
async function endOf(child: Child): Promise<EndStatus> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => {
      const inner = code === null ? undefined : signalName(code - FIRST_SIGNAL_STATUS);
      resolve(inner ? { code: null, signal: inner } : { code, signal });
    });
  });
}

const signalName = (number: number): string | undefined =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0];

function pipeOf(child: Child, descriptor: number): Writable {
  const pipe = (child.stdio as unknown[])[descriptor] as Writable; // 'pipe' in the call of spawn
  pipe.on('error', () => undefined); // the container's end says what there is to say
  return pipe;
}

/** Whether the last step before the container's own command was reached. */
async function isReady(child: Child, ended: Promise<unknown>): Promise<boolean> {
  const ready = child.stdio[READY_FD] as unknown as Readable; // 'pipe' in the call of spawn
  ready.on('error', () => undefined);
  const reported = once(ready, 'data').then(
    () => true,
    () => false,
  );
  const failed = ended.then(() => false);
  return Promise.race([reported, failed, delay(START_WITHIN_MS, false, { ref: false })]);
}

/** `machineRanOut`: killed for memory, but not through this container's own limit, hence not by its doing. */
async function countOomKills(
  { cgroup }: Launch,
  log: Log,
): Promise<{ oomKills: number; machineRanOut: boolean }> {
  try {
    const { oomKills, ownLimitReached } = await cgroup.readOom();
    const machineRanOut = oomKills > 0 && !ownLimitReached;
    if (machineRanOut) log(`${cgroup.name}: killed because the machine ran out of memory`);
    return { oomKills: ownLimitReached ? oomKills : 0, machineRanOut };
  } catch (error) {
    log(`${cgroup.name}: its memory events cannot be read: ${String(error)}`);
    return { oomKills: 0, machineRanOut: false };
  }
}
