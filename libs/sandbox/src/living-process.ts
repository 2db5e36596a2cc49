import { readFileSync } from 'node:fs';

/** Whether a process runs: one that has ended and waits for its parent does not. */
export const isLiving = (pid: number): boolean => readProcess(pid) !== null;

/** Null for what has ended, also where its parent has not heard of it yet. */
export function readProcess(pid: number): { pid: number; parent: number; state: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command, may hold spaces and parentheses: count from its end.
    const [state = 'X', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : { pid, parent: Number(parent), state };
  } catch {
    return null; // it has ended since it was listed
  }
}
