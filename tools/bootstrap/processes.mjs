import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stopRequest } from './stop-request.mjs';

/**
 * Long-running children. Each is detached (Ctrl-C would else hit all of them at once, and there is an order to keep)
 * and leaves a pid file, so that the next start finds what a kill -9 of this one left behind.
 */

/**
 * When a process began, in clock ticks since boot: with the pid it names one process for good, as pids are used again.
 * Undefined when there is none, or only its corpse (a zombie whose parent has not looked).
 */
export function startTicks(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name and may hold spaces and brackets: count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}

const isAlive = ({ pid, startTicks: ticks }) => ticks !== undefined && startTicks(pid) === ticks;

/** Sends a signal to a process and everything it started in its group; silent when it is gone. */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone in the meantime.
  }
}

async function waitUntilGone(identity, boundMs) {
  const deadline = performance.now() + boundMs;
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/**
 * How each kind of process is asked to stop, and how long it may take before SIGKILL. For Postgres SIGTERM would wait
 * for every client to leave; SIGINT ends them, in good order.
 */
const stopping = {
  'recruiter-api': { signal: 'SIGTERM', boundMs: 12_000 },
  'assessment-api': { signal: 'SIGTERM', boundMs: 12_000 },
  // As start.mjs has it drain: not at all, unless it was asked to.
  'grading-worker': {
    signal: 'SIGTERM',
    boundMs: 12_000 + 1_000 * Number(process.env.ASSAY_DRAIN_SECONDS ?? 0),
  },
  redis: { signal: 'SIGTERM', boundMs: 10_000 },
  postgres: { signal: 'SIGINT', boundMs: 20_000 },
};

/** Groups of names, in the order they stop: who uses something goes before what is used. */
const stopOrder = [['recruiter-api', 'assessment-api'], ['grading-worker'], ['redis'], ['postgres']];

const pidFile = (home, name) => join(home, 'run', `${name}.json`);
const logFile = (home, name) => join(home, 'logs', `${name}.log`);

function readIdentity(home, name) {
  try {
    return JSON.parse(readFileSync(pidFile(home, name), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes the pid file by which a later start finds this process. */
export function recordProcess(home, name, pid) {
  writeFileSync(pidFile(home, name), JSON.stringify({ pid, startTicks: startTicks(pid) }), { mode: 0o600 });
}

/** Stops the process its pid file names, if it still is that process. Resolves to whether there was one. */
async function stopProcess(home, name) {
  const identity = readIdentity(home, name);
  const wasAlive = identity !== undefined && isAlive(identity);
  if (wasAlive) {
    const { signal, boundMs } = stopping[name];
    // Only the process itself: Postgres and the worker end their own children, in their own order.
    process.kill(identity.pid, signal);
    if (!(await waitUntilGone(identity, boundMs))) {
      signalGroup(identity.pid, 'SIGKILL');
      await waitUntilGone(identity, 5_000);
    }
  }
  rmSync(pidFile(home, name), { force: true });
  return wasAlive;
}

/** Stops whatever this data folder's pid files name, in order. Resolves to the names of what was running. */
export async function stopAll(home) {
  const stopped = [];
  for (const group of stopOrder) {
    await Promise.all(
      group.map(async (name) => {
        if (await stopProcess(home, name)) stopped.push(name);
      }),
    );
  }
  return stopped;
}

const tooLargeBytes = 20_000_000;

/** Opens a log for appending; one that has grown large makes room first, and one older generation is kept. */
function openLog(path) {
  if (existsSync(path) && statSync(path).size > tooLargeBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/**
 * Starts a process that outlives signals to our own group; throws once the command was asked to end. `env` is all of its environment.
 * Returns `{ name, pid, logPath, logOffset, exited }`: `logOffset` is where in the log its own lines begin, `exited`
 * resolves to `{ code, signal, error }` and never rejects.
 */
export function startProcess(home, name, command, args, { env, cwd, user = {} }) {
  // Once everything is being stopped, nothing may start behind its back.
  stopRequest.throwIfAborted();
  const logPath = logFile(home, name);
  const log = openLog(logPath);
  const logOffset = statSync(logPath).size;
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log], ...user });
  closeSync(log);
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  if (child.pid !== undefined) {
    recordProcess(home, name, child.pid);
  }
  return { name, pid: child.pid, logPath, logOffset, exited };
}

/** What a process has written to its log since it was started. */
export async function readOwnLog({ logPath, logOffset }) {
  return (await readFile(logPath)).subarray(logOffset).toString();
}

export const lastLines = (text, count = 20) => text.trimEnd().split('\n').slice(-count).join('\n');
