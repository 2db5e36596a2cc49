import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, figure } from './figures.js';

const GRADE_MANY = join(import.meta.dirname, 'grade-many.js');
const run = promisify(execFile);

/** What the process that grades holds, over so many gradings in a row: flat, or something is leaking. */
export async function measureWorkerMemory(home: string, gradings: number): Promise<Figure[]> {
  const { stdout } = await run(process.execPath, ['--expose-gc', GRADE_MANY, home, String(gradings)]);
  const memoryMb = stdout.trim().split('\n').map(Number);
  // Until then caches fill and code is compiled.
  const tenth = Math.ceil(memoryMb.length / 10);
  const early = figure(
    'worker-memory',
    `what a worker holds, after the first ${tenth} gradings`,
    'MB',
    memoryMb.slice(tenth - 1, 2 * tenth - 1),
  );
  const late = figure(
    'worker-memory-late',
    `the same after ${memoryMb.length}`,
    'MB',
    memoryMb.slice(-tenth),
  );
  const growth = figure('worker-memory-growth', 'the one against the other', '×', [
    late.median / early.median,
  ]);
  return [early, late, growth];
}
