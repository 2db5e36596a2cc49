import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cgroup } from './cgroup/cgroup.js';
import { openContainerOutput } from './container-output.js';
import { signalCommand, usageOf } from './container-processes.js';
import { coreList } from './core-list.js';
import { type Container, type Exit, SandboxError } from './engine.js';
import type { HostTools } from './host-tools.js';
import { DIE_WITHIN_MS, type Launcher } from './launcher.js';
import type { Log } from './log.js';
import type { EndStatus, Launch, Wall } from './walls/wall.js';

const START_WITHIN_MS = 10_000;

export interface RunningContainer extends Container {
  /** After `exited`: its cgroup is removed. False when processes were left that not even SIGKILL ended. */
  readonly gone: Promise<boolean>;
}

/** What containers of a pod start with. */
export interface Place {
  tools: HostTools;
  wall: Wall;
  log: Log;
}

/** Makes a container of a parked launcher. Rejects with `SandboxError`; the launcher is gone then too. */
export async function startContainer(
  launch: Launch,
  launcher: Launcher,
  { tools, wall, log }: Place,
): Promise<RunningContainer> {
  const { spec } = launch;
  const { cgroup } = launcher;
  let cause: Exit['cause'] | null = null;
  const hung = unresolved<EndStatus>();
  const end = (why: Exit['cause']) => {
    if (cause) return;
    cause = why;
    setTimeout(hung.resolve, DIE_WITHIN_MS, { code: null, signal: null }).unref();
    launcher.kill();
  };
  const output = openContainerOutput(spec.limits.outputBytes, () => end('output_exceeded'));
  launcher.stdout.on('data', (chunk: Buffer) => output.add(chunk, true));
  launcher.stderr.on('data', (chunk: Buffer) => output.add(chunk, false));

  const gone = unresolved<boolean>();
  const remove = async (isEmpty: boolean) => {
    const isGone = isEmpty && (await cgroup.remove());
    if (!isGone) log(`the sandbox ${cgroup.name} could not be ended: its processes survive SIGKILL`);
    gone.resolve(isGone);
  };
  const cleanUp = async () => {
    // A process outside the cgroup's reach would keep its pipes open; that must not keep us.
    const isEmpty = await cgroup.empty();
    await Promise.race([launcher.closed, delay(DIE_WITHIN_MS, null, { ref: false })]);
    output.end();
    const oom = countOomKills(cgroup, log);
    void remove(isEmpty); // nobody who waits for the end has to wait for this
    return oom;
  };

  try {
    cgroup.setLimits({ ...spec.limits, pids: spec.limits.pids + wall.ownPids });
    const command = await wall.command(launch);
    const cores = coreList(spec.cores);
    const pin = cores ? ([tools.taskset, '--cpu-list', cores] as const) : [];
    launcher.become({ ...command, argv: [...pin, ...command.argv] }, spec.control === true);
  } catch (error) {
    await launcher.remove();
    throw error;
  }
  const commandPid = await readReady(launcher);
  if (commandPid === null) {
    end('killed');
    const { oomKills } = await cleanUp();
    await gone.promise;
    const why =
      oomKills > 0 ? `${spec.limits.memoryBytes} bytes are too few to start in` : output.tail().trim();
    throw new SandboxError(`the sandbox did not start: ${why || 'it said nothing'}`);
  }

  if (launch.uid === null) {
    cgroup.pids(); // follows what it sees, and may not see it any more when it has ended
    launcher.ready.write('\n');
  }

  const control = spec.control ? launcher.control : null;
  let wallTimer: NodeJS.Timeout | undefined;
  const startClock = () => {
    if (!cause) wallTimer = setTimeout(() => end('timed_out'), spec.limits.wallMs);
  };
  // What waits for its turn has not begun to live.
  if (control) control.once('finish', startClock);
  else startClock();
  const finish = async (): Promise<Exit> => {
    const ended = launcher.ended.then(({ code, signal }) => wall.readEnd(code, signal));
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
    stdin: launcher.stdin,
    control,
    stdout: output.stdout,
    exited,
    outputTail: output.tail,
    onOutput: output.listen,
    kill() {
      end('killed');
      return exited;
    },
    signal: (name) => signalCommand(cgroup.pids(), commandPid, name),
    usage: () => usageOf(cgroup.pids()),
    gone: gone.promise,
  };
}

function unresolved<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The command's process id inside, once the last step before it was reached; null when it never is. */
async function readReady({ ready, ended }: Launcher): Promise<number | null> {
  const reported = once(ready, 'data').then(
    ([line]) => Number(line), // a few digits, written at once
    () => null,
  );
  const failed = ended.then(() => null);
  return Promise.race([reported, failed, delay(START_WITHIN_MS, null, { ref: false })]);
}

/** `machineRanOut`: killed for memory, but not through this container's own limit, hence not by its doing. */
function countOomKills(cgroup: Cgroup, log: Log): { oomKills: number; machineRanOut: boolean } {
  try {
    const { oomKills, ownLimitReached } = cgroup.readOom();
    const machineRanOut = oomKills > 0 && !ownLimitReached;
    if (machineRanOut) log(`${cgroup.name}: killed because the machine ran out of memory`);
    return { oomKills: ownLimitReached ? oomKills : 0, machineRanOut };
  } catch (error) {
    log(`${cgroup.name}: its memory events cannot be read: ${String(error)}`);
    return { oomKills: 0, machineRanOut: false };
  }
}
