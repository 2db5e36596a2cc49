import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { ROOT, SOLUTION, TASK_ID } from './crud-task.js';

/** `npm run grade`, from the moment it was typed. */
export interface TypedGrading {
  wallMs: number;
  /** Until the first check had ended: npm, our own start, the proof of the sandbox, the harness. */
  untilFirstCheckMs: number;
  /** From there until the last check had ended. */
  otherChecksMs: number;
  /** The names of the checks in their order, and how long each took, without its server. */
  checks: { name: string; ms: number }[];
}

/** What `--json` prints, as far as it is used here. */
interface Printed {
  score: number | null;
  checks: { name: string; ms: number }[];
}

/** Types `npm run grade -- crud-api <reference> --json`. Rejects unless the solution passes every check. */
export async function runGradeCommand(home: string): Promise<TypedGrading> {
  const startedAtMs = performance.now();
  const command = spawn('npm', ['run', 'grade', '--', TASK_ID, SOLUTION, '--json'], {
    cwd: ROOT,
    env: { ...process.env, ASSAY_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endedAtMs: number[] = [];
  const said: string[] = [];
  createInterface({ input: command.stderr }).on('line', (line) => {
    if (/^\[\d+\/\d+\] /.test(line)) endedAtMs.push(performance.now());
    said.push(line);
  });
  const [stdout, [code]] = await Promise.all([text(command.stdout), once(command, 'close')]);
  const wallMs = performance.now() - startedAtMs;
  // npm says first what it runs. The rest is the command's own: a promise to scripts.
  const printed = JSON.parse(stdout.slice(Math.max(0, stdout.indexOf('{'))) || '{}') as Partial<Printed>;
  const [first, last] = [endedAtMs[0], endedAtMs.at(-1)];
  if (code !== 0 || printed.score !== 1 || first === undefined || last === undefined)
    throw new Error(`npm run grade did not give the reference its full score:\n${said.join('\n')}`);
  return {
    wallMs,
    untilFirstCheckMs: first - startedAtMs,
    otherChecksMs: last - first,
    checks: printed.checks ?? [],
  };
}
