import { join } from 'node:path';
import { createSlots, gradeSolution } from '@assay/grading';
import { createSandboxEngine } from '@assay/sandbox';
import { loadTask } from '@assay/tasks';
import { ROOT, readSolution, TASK_ID } from './crud-task.js';

// What a grading worker does without its queue and database: `grade-many.js <home> <count>` grades the sample checks so
// often, and writes after each grading how many MB this process holds, as a line. Run with --expose-gc.

const [home = '', count = '0'] = process.argv.slice(2);
const engine = createSandboxEngine({ home, runtimePackages: join(ROOT, 'content/runtime/node_modules') });
try {
  await engine.selfTest();
  const slots = createSlots(engine, 1);
  slots.prepare();
  const bundle = await loadTask(join(ROOT, 'content/tasks', TASK_ID));
  const files = await readSolution();
  for (let graded = 0; graded < Number(count); graded += 1) {
    const { score, reason } = await gradeSolution({
      ...{ engine, slots, bundle, files },
      checks: 'sample',
      seed: String(graded),
    });
    if (score !== 1) throw new Error(`the reference did not get its full score: ${reason}`);
    globalThis.gc?.();
    process.stdout.write(`${process.memoryUsage.rss() / 2 ** 20}\n`);
  }
  await slots.close();
} finally {
  await engine.close();
}
