import { afterAll, describe, expect, test } from '@jest/globals';
import { type CheckCode, echoTask, moduleFile, type TaskShape } from '../test/echo-task.js';
import { createPlainNodeEngine } from '../test/plain-node-engine.js';
import { gradeSolution } from './grade-solution.js';
import { verifyTask } from './verify-task.js';

/** Tasks whose solutions are modules, on plain processes. What travels to a module is specified beside remote-*.ts. */

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

/** Calls `fn` for each item, one after the other. */
const IN_TURN = `export async function mapAll(items, fn) {
  const results = [];
  for (const item of items) results.push(await fn(item));
  return results;
}`;

const MAPS: CheckCode = {
  code: `
    const seen = [];
    const results = await module.call('mapAll', [1, 2], async (item) => { seen.push(item); return item * 2; });
    assert.deepEqual(seen, [1, 2], 'It must call the function for each item.');
    assert.deepEqual(results, [2, 4], 'It must resolve with the results.');`,
};

async function grade(hidden: TaskShape['hidden'], solution: string, shape: Partial<TaskShape> = {}) {
  const bundle = echoTask({ hidden, mode: 'function', ...shape });
  const result = await gradeSolution({
    engine,
    bundle,
    files: moduleFile(solution),
    checks: 'hidden',
    seed: 's',
  });
  return { reason: result.reason, checks: result.checks.map(({ verdict, message }) => [verdict, message]) };
}
const one = async (code: string, solution: string, shape: Partial<TaskShape> = {}, timeoutMs = 5_000) => {
  const { reason, checks } = await grade({ one: { code, timeoutMs } }, solution, shape);
  return reason ?? checks[0];
};

describe('a module', () => {
  test('is called by checks, which see what it calls back, each with a fresh process', async () => {
    const counting = `${IN_TURN} let calls = 0; export const count = () => ++calls;`;
    const first = {
      code: `assert.equal(await module.call('count'), 1); assert.equal(await module.call('count'), 2);`,
    };
    const again = {
      code: `assert.equal(await module.call('count'), 1); assert.ok(module.exports.includes('mapAll'));`,
    };
    expect(await grade({ maps: MAPS, first, again }, counting)).toEqual({
      reason: null,
      checks: Array(3).fill(['passed', null]),
    });
  });

  test('finds the solution, random values and no server in its tools', async () => {
    const code = `assert.deepEqual(Object.keys(tools).sort(), ['compare', 'module', 'random', 'solution']);
      assert.deepEqual(solution.paths, ['module.js', 'package.json']);`;
    expect(await one(code, IN_TURN)).toEqual(['passed', null]);
  });

  test.each<[string, string, Partial<TaskShape>, string, RegExp | string]>([
    [
      'throws while it loads',
      `throw new Error('early')`,
      {},
      'crashed',
      'Your module ended with exit code 1 before it was loaded: Error: early',
    ],
    [
      'never loads',
      `await new Promise(() => setInterval(() => {}, 1000))`,
      { startTimeoutMs: 300 },
      'timed_out',
      'Your module did not load within 0.3 s.',
    ],
    [
      'says nothing to who connects',
      `import net from 'node:net';
       await new Promise((resolve) => net.createServer(() => {}).listen(process.env.PORT, '127.0.0.1', resolve));
       await new Promise(() => {});`,
      { startTimeoutMs: 300 },
      'timed_out',
      'Your module did not load within 0.3 s.',
    ],
    [
      'lacks the export',
      'export const other = 1;',
      {},
      'failed',
      'Your module does not export a function mapAll.',
    ],
    [
      'ends its process',
      'export const mapAll = () => process.exit(3);',
      {},
      'crashed',
      'Your module ended with exit code 3 during this check.',
    ],
    [
      'leaves a rejection unhandled while the check waits for its own function',
      `export const mapAll = () => { Promise.reject(new TypeError('floating')); return new Promise(() => {}); }`,
      {},
      'crashed',
      'Your module ended with exit code 1 during this check: TypeError: floating',
    ],
    [
      'never settles',
      'export const mapAll = () => new Promise(() => {});',
      {},
      'timed_out',
      'This check did not finish within 1 s. It was waiting for the answer to mapAll(…).',
    ],
    [
      'answers nonsense',
      'export const mapAll = () => 7;',
      {},
      'failed',
      'It must call the function for each item.',
    ],
  ])('one that %s', async (_what, solution, shape, verdict, message) => {
    expect(await one(MAPS.code, solution, shape, 1_000)).toEqual([verdict, message]);
  });

  test('an odd answer is a module’s', async () => {
    expect(
      await one(`(await module.call('mapAll')).items.map(String);`, 'export const mapAll = () => 7;'),
    ).toEqual([
      'failed',
      expect.stringMatching(/^The check could not make sense of your module's answer \(TypeError/),
    ]);
  });

  test('what a module still waits for when its check fails does not end it', async () => {
    const floating =
      'export const mapAll = (items, fn) => { void fn(items[0]); return new Promise(() => {}); };';
    const code = `module.call('mapAll', [1], () => new Promise(() => {})); await module.settle(); assert.fail('Not so.');`;
    expect(await one(code, floating)).toEqual(['failed', 'Not so.']);
  });

  test('an end that the check asked for is for the check to judge', async () => {
    const code = `await module.call('leave').catch(() => {});
      assert.deepEqual(await module.exit({ withinMs: 5000 }), { code: 0, signal: null }, 'It must end cleanly.');`;
    const leaving = (status: number) =>
      `export const leave = () => void setTimeout(() => process.exit(${status}), 20);`;
    expect(await one(code, leaving(0))).toEqual(['passed', null]);
    expect(await one(code, leaving(1))).toEqual(['failed', 'It must end cleanly.']);
  });
});

describe('compare', () => {
  const taking = (ms: number) =>
    `export const work = () => new Promise((resolve) => setTimeout(resolve, ${ms}));`;
  const code = `await compare({
    measure: async ({ module }) => { const t = performance.now(); await module.call('work'); return performance.now() - t; },
    limit: (ms) => 3 * ms + 25, unit: 'ms', message: 'It must be fast.' });`;

  test('measures modules as it measures servers', async () => {
    const before = engine.started.length;
    expect(await one(code, taking(20), { reference: taking(20) }, 20_000)).toEqual(['passed', null]);
    expect(engine.started.length - before).toBe(1 + 1 + 4);
    expect(await one(code, taking(400), { reference: taking(20) }, 20_000)).toEqual([
      'failed',
      'It must be fast.',
    ]);
  });

  test('a candidate that dies has crashed, a reference that dies is ours', async () => {
    const dies = 'export const work = () => process.exit(1);';
    expect(await one(code, dies, { reference: taking(1) }, 20_000)).toEqual([
      'crashed',
      'Your module ended with exit code 1 during this check.',
    ]);
    expect(await one(code, taking(1), { reference: dies }, 20_000)).toMatch(
      /^the check ended while the reference ran: The process of your module ended/,
    );
  });
});

describe('the gate', () => {
  const shape: TaskShape = {
    mode: 'function',
    hidden: { maps: MAPS },
    sample: { maps: MAPS },
    reference: IN_TURN,
    starter: 'export const mapAll = () => [];',
    mutants: { once: { server: IN_TURN.replace('of items', 'of items.slice(1)'), fails: ['maps'] } },
  };

  test('passes a sound task of functions', async () => {
    expect(await verifyTask(engine, echoTask(shape), { runs: 1 })).toMatchObject({
      passed: true,
      starter: { score: 0, started: true },
      mutants: [{ name: 'once', failed: ['maps'] }],
    });
  });

  test('wants a starter that loads', async () => {
    const { problems } = await verifyTask(
      engine,
      echoTask({ ...shape, starter: `throw new Error('todo');` }),
      { runs: 1 },
    );
    expect(problems).toEqual(['starter: its module must load, but never did']);
  });
});
