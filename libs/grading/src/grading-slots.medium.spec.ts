import type { SandboxEngine } from '@assay/sandbox';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ANSWERS, echoTask, GOOD_SERVER, serverFile, type TaskShape } from '../test/echo-task.js';
import { createPlainNodeEngine } from '../test/plain-node-engine.js';
import { gradeSolution } from './grade-solution.js';
import { createSlots, type GradingSlots, shareCores } from './grading-slots.js';

const plain = createPlainNodeEngine();
afterAll(() => plain.close());

/** The plain engine, and a log of the containers that start in it and of what they are pinned to. */
function watched() {
  const log: string[] = [];
  let waiting = 0;
  const engine: SandboxEngine = {
    ...plain,
    openPod: async () => {
      const pod = await plain.openPod();
      const start: typeof pod.start = async (spec) => {
        const container = await pod.start(spec);
        log.push(spec.part);
        container.control?.once('data', () => {
          waiting += 1;
        });
        container.control?.once('finish', () => log.push('goes'));
        return container;
      };
      return { ...pod, start };
    },
  };
  /** Resolves once so many servers have booted. */
  const booted = async (count: number) => {
    while (waiting < count) await new Promise(setImmediate);
  };
  return { engine, log, booted };
}

async function grade(engine: SandboxEngine, slots: GradingSlots, shape: Partial<TaskShape> = {}) {
  const limits = { memoryMb: 256, pids: 64, cpus: 1, outputKb: 1024, tmpMb: 16 };
  const { reason, score } = await gradeSolution({
    engine,
    slots,
    bundle: echoTask({ hidden: { answers: ANSWERS }, limits, ...shape }),
    files: [
      ...serverFile(GOOD_SERVER).filter(({ path }) => path !== 'package.json'),
      { path: 'package.json', content: '{"type":"module","dependencies":{"express":"5"}}' },
      { path: 'app.js', content: "import 'express';" },
    ],
    checks: 'hidden',
    seed: '',
  });
  return reason ?? score;
}

describe('a slot', () => {
  test('has a harness and a server waiting when a grading comes, and the next ones after it', async () => {
    const { engine, log, booted } = watched();
    const slots = createSlots(engine, 1);
    slots.prepare();
    await booted(1);
    expect(log).toEqual(['checks', 'candidate']);
    expect(await grade(engine, slots)).toBe(1);
    expect(log.slice(0, 3)).toEqual(['checks', 'candidate', 'goes']);
    await booted(2);
    expect(log.slice(3)).toEqual(['checks', 'candidate']);
    await slots.close();
    expect(plain.openPods).toBe(0);
  });

  test('makes others for a task that asks for more, and remembers', async () => {
    const { engine, log, booted } = watched();
    const slots = createSlots(engine, 1);
    slots.prepare();
    await booted(1);
    expect(await grade(engine, slots, { limits: { memoryMb: 300 } })).toBe(1);
    expect(log.slice(0, 5)).toEqual(['checks', 'candidate', 'checks', 'candidate', 'goes']);
    await booted(3);
    const before = log.length;
    expect(await grade(engine, slots, { limits: { memoryMb: 300 } })).toBe(1);
    expect(log[before]).toBe('goes');
    await slots.close();
    expect(plain.openPods).toBe(0);
  });

  test('has one grading at a time', async () => {
    const { engine } = watched();
    const slots = createSlots(engine, 1);
    expect(await Promise.all([1, 2, 3].map(() => grade(engine, slots)))).toEqual([1, 1, 1]);
    await slots.close();
    expect(plain.openPods).toBe(0);
  });
});

test.each([
  [2, 1, [undefined]],
  [2, 2, [[0], [1]]],
  [
    5,
    2,
    [
      [0, 1],
      [2, 3, 4],
    ],
  ],
  [1, 2, [undefined, undefined]],
])('%i cores for %i slots', (cores, slots, shares) => {
  expect(shareCores(cores, slots)).toEqual(shares);
});
