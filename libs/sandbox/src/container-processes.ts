import { readFileSync } from 'node:fs';
import type { Usage } from './engine.js';

/** The wall's init is process 1 of the pid namespace that it makes. */
const INIT_PID = 1;
const KIB = 1024;

/** One living process of a container, as /proc/<pid>/status on the host describes it. */
interface ContainerProcess {
  pid: number;
  /** Its id inside the container. */
  innerPid: number;
  rssAnonBytes: number;
  threads: number;
}

/**
 * Sends a signal to the process that has the id `commandPid` inside the container that consists of these processes; false
 *  when it has ended. Looked for at every call and signalled at once, so that the id outside cannot have passed
 * to a process of others meanwhile.
 */
export function signalCommand(pids: readonly number[], commandPid: number, name: NodeJS.Signals): boolean {
  const command = readProcesses(pids).find(({ innerPid }) => innerPid === commandPid);
  if (!command) return false;
  try {
    return process.kill(command.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false; // process.kill throws errors with a code
    throw error;
  }
}

export function usageOf(pids: readonly number[]): Usage {
  const own = readProcesses(pids).filter(({ innerPid }) => innerPid !== INIT_PID);
  const sum = (of: (one: ContainerProcess) => number) => own.reduce((total, one) => total + of(one), 0);
  return {
    rssAnonBytes: sum(({ rssAnonBytes }) => rssAnonBytes),
    threads: sum(({ threads }) => threads),
    processes: own.length,
  };
}

function readProcesses(pids: readonly number[]): ContainerProcess[] {
  return pids.flatMap((pid) => readProcess(pid) ?? []);
}

/** Null for the wall's monitor, which stays outside the container's pid namespace, and for what has ended. */
function readProcess(pid: number): ContainerProcess | null {
  const status = readStatus(pid);
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
  // From the namespace that we see to the innermost one.
  const [, ...inner] = field('NSpid').split(/\s+/).map(Number);
  const innerPid = inner.at(-1);
  if (innerPid === undefined || field('State').startsWith('Z')) return null;
  return {
    pid,
    innerPid,
    rssAnonBytes: Number.parseInt(field('RssAnon') || '0', 10) * KIB,
    threads: Number(field('Threads')),
  };
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // it has ended since it was listed
  }
}
