import { type SandboxEngine, SandboxError } from '@assay/sandbox';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ANSWERS, echoTask, GOOD_SERVER, type TaskShape } from '../test/echo-task.js';
import { createPlainNodeEngine } from '../test/plain-node-engine.js';
import { verifyTask } from './verify-task.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

/** Answers every path with a fixed text. */
const saying = (text: string) => GOOD_SERVER.replace(`'ok'`, `'${text}'`);
const LISTENS = { code: `assert.equal((await http.get('/')).status, 200, 'GET / must answer 200.');` };

const SOUND: TaskShape = {
  hidden: { answers: ANSWERS },
  starter: saying('todo'),
  mutants: { mute: { server: saying(''), fails: ['answers'] } },
};

const verify = (shape: Partial<TaskShape> = {}, runs = 1, using: SandboxEngine = engine) =>
  verifyTask(using, echoTask({ ...SOUND, ...shape }), { runs });

describe('the gate', () => {
  test('passes a sound task, and says what it saw', async () => {
    const subjects: string[] = [];
    const gate = await verifyTask(engine, echoTask(SOUND), {
      runs: 2,
      onProgress: ({ index, total, subject }) => subjects.push(`${index}/${total} ${subject}`),
    });
    expect(gate).toEqual({
      passed: true,
      engine: 'plain node',
      reference: { runs: 2, score: 1 },
      starter: { score: 0, started: true },
      mutants: [{ name: 'mute', failed: ['answers'], survived: [] }],
      problems: [],
    });
    expect(subjects).toEqual([
      '1/5 reference, sample checks',
      '2/5 reference, run 1',
      '3/5 reference, run 2',
      '4/5 starter',
      '5/5 mutant mute',
    ]);
  });

  test('refuses a reference that fails', async () => {
    const gate = await verify({ reference: saying('almost') });
    expect(gate.passed).toBe(false);
    expect(gate.problems).toContain('reference, run 1: answers must pass but failed: GET / must answer ok.');
    expect(gate.problems).toContain(
      'reference, sample checks: answers must pass but failed: GET / must answer ok.',
    );
    expect(gate.reference.score).toBe(0);
  });

  test('refuses a reference that fails once in a while', async () => {
    const flaky = { code: `assert.ok(random.integer(0, 999) > 499, 'Luck.'); ${ANSWERS.code}` };
    const gate = await verify({ hidden: { answers: ANSWERS, flaky } }, 12);
    expect(gate.passed).toBe(false);
    expect(gate.problems.join('\n')).toMatch(/^reference, run \d+: flaky must pass but failed: Luck\.$/m);
  });

  test('refuses a starter that passes everything', async () => {
    expect((await verify({ starter: GOOD_SERVER })).problems).toEqual([
      'starter: it must fail at least one hidden check, but passes all',
    ]);
  });

  test('refuses a starter that does not start', async () => {
    expect((await verify({ starter: 'process.exit(1)' })).problems).toEqual([
      'starter: its server must start, but never accepted a connection',
    ]);
  });

  test('refuses a mutant that survives', async () => {
    const gate = await verify({ mutants: { same: { server: GOOD_SERVER, fails: ['answers'] } } });
    expect(gate.problems).toEqual(['mutant same: must fail answers, but passes it']);
    expect(gate.mutants).toEqual([{ name: 'same', failed: [], survived: ['answers'] }]);
  });

  test('refuses a check that nothing fails', async () => {
    expect((await verify({ hidden: { answers: ANSWERS, listens: LISTENS } })).problems).toEqual([
      'listens: passes on the reference, the starter and every mutant, so nothing shows that it can fail',
    ]);
  });

  test('accepts a check that a mutant fails without naming it', async () => {
    const LENGTH = {
      code: `assert.equal((await http.get('/')).text.length, 2, 'GET / must answer 2 characters.');`,
    };
    const gate = await verify({ hidden: { answers: ANSWERS, length: LENGTH }, starter: saying('no') });
    expect(gate.problems).toEqual([]);
    expect(gate.mutants).toEqual([{ name: 'mute', failed: ['answers'], survived: [] }]);
  });

  test('asks checks of performance only of the mutants that name them', async () => {
    const task = echoTask({ ...SOUND, hidden: { answers: ANSWERS, listens: LISTENS } });
    for (const check of task.manifest.checks.hidden) if (check.name === 'listens') check.kind = 'performance';
    const subjects: string[] = [];
    const gate = await verifyTask(engine, task, {
      runs: 1,
      onProgress: ({ subject }) => subjects.push(subject),
    });
    expect(gate.problems).toEqual([expect.stringMatching(/^listens: passes on the reference/)]);
    expect(subjects).toEqual(['reference, sample checks', 'reference, run 1', 'starter', 'mutant mute']);
  });

  test('does not run a mutant twice when every check was seen to fail', async () => {
    // The starter passes `answers`, so that only the mutant shows that it can fail.
    const PATH = {
      code: `assert.equal((await http.get('/a')).headers['x-path'], '/a', 'The path comes back.');`,
    };
    const reference = GOOD_SERVER.replace('response.end', `response.setHeader('x-path', request.url).end`);
    const graded: string[] = [];
    const bundle = echoTask({
      ...SOUND,
      hidden: { answers: ANSWERS, path: PATH },
      starter: GOOD_SERVER,
      reference,
    });
    const onProgress = ({ subject }: { subject: string }) => graded.push(subject);
    const gate = await verifyTask(engine, bundle, { runs: 1, onProgress });
    expect(gate.problems).toEqual([]);
    expect(graded).toEqual(['reference, sample checks', 'reference, run 1', 'starter', 'mutant mute']);
  });

  test('refuses, and says why, when nothing could be graded', async () => {
    const broken = { ...engine, openPod: () => Promise.reject(new SandboxError('no slot')) };
    const gate = await verify({}, 1, broken);
    expect(gate.problems).toEqual(
      ['reference, sample checks', 'reference, run 1', 'starter', 'mutant mute'].map(
        (label) => `${label}: not graded: no slot`,
      ),
    );
    expect(gate).toMatchObject({ passed: false, reference: { score: null }, starter: { score: null } });
  });
});
