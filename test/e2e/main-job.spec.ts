import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '@assay/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginSitting, untilGraded, writeFiles } from './journey.js';
import { recordAnswers } from './recorded-answers.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'crud-api';
const MID_SOLUTION = join(import.meta.dirname, '../../content/demo', TASK_ID, 'mid');

async function readFiles(folder: string): Promise<SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    paths.map(async (path) => ({
      path: path.slice(folder.length + 1),
      content: await readFile(path, 'utf8'),
    })),
  );
}

describe('the main job', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  it('leads from a posted role to a level with its evidence, and tells the candidate no hidden check', async () => {
    const { staff } = system;
    expect((await staff.listTasks()).items.map(({ taskId }) => taskId)).toContain(TASK_ID);
    const answers = recordAnswers(system.candidateUrl);
    const { candidacyId, candidate } = await beginSitting(system, [TASK_ID]);
    const { sampleChecks } = await candidate.getTask({ params: { taskId: TASK_ID } });
    await writeFiles(candidate, TASK_ID, await readFiles(MID_SOLUTION));

    // The candidate runs the sample checks and follows their own stream to the end of the grading.
    const gone = new AbortController();
    const told: string[] = [];
    const run = await candidate.startRun({ params: { taskId: TASK_ID } });
    let submissionId = '';
    for await (const { event } of await candidate.streamAttempt({}, { signal: gone.signal })) {
      told.push(event.type);
      if (event.type === 'run.finished') {
        expect(event).toEqual({
          type: 'run.finished',
          runId: run.id,
          passed: sampleChecks.length,
          total: sampleChecks.length,
        });
        submissionId = (await candidate.submitTask({ params: { taskId: TASK_ID } })).id;
      }
      if (event.type === 'grading.completed') break;
    }
    gone.abort();
    const attempt = await candidate.getAttempt();
    expect(attempt).toMatchObject({ state: 'closed', tasks: [{ submission: { state: 'graded' } }] });
    await candidate.getRun({ params: { runId: run.id } });
    answers.stop();

    const { events, grading } = await untilGraded(staff, candidacyId, submissionId);
    expect(grading).toMatchObject({
      state: 'completed',
      outcome: 'completed',
      isCurrent: true,
      reason: null,
    });
    expect(grading.engine).toMatch(/^bubblewrap/);
    const total = grading.checks.length;
    const passed = grading.checks.filter(({ verdict }) => verdict === 'passed').length;
    expect(total).toBeGreaterThan(10);
    expect(passed).toBeGreaterThan(total / 2);
    expect(grading.score).toBeGreaterThan(0.5);

    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events.map(({ event }) => event.type)).toEqual([
      'invitation.created',
      'attempt.started',
      'submission.received',
      'attempt.closed',
      'grading.started',
      ...grading.checks.map(() => 'grading.progressed'),
      'grading.completed',
      'level.estimated',
    ]);
    const progress = events.flatMap(({ event }) => (event.type === 'grading.progressed' ? [event] : []));
    expect(progress.map(({ check, verdict, done }) => [check, verdict, done])).toEqual(
      grading.checks.map(({ name, verdict }, i) => [name, verdict, i + 1]),
    );

    const level = await staff.getLevel({ params: { candidacyId } });
    const probabilities = Object.values(level.overall.probabilities);
    expect(probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(level.overall.statement).toMatch(/junior|mid|senior/);
    expect(events.at(-1)?.event).toEqual({ type: 'level.estimated', statement: level.overall.statement });
    expect(level.evidence.map(({ check, verdict }) => [check, verdict])).toEqual(
      grading.checks.map(({ name, verdict }) => [name, verdict]),
    );
    for (const { verdict, levelSteps } of level.evidence) {
      expect(Number.isFinite(levelSteps)).toBe(true);
      if (Math.abs(levelSteps) > 0.001) expect(levelSteps > 0).toBe(verdict === 'passed');
    }
    expect((await staff.getCandidacy({ params: { candidacyId } })).level).toEqual(level.overall);

    expect(told.filter((type) => type !== 'grading.progressed')).toEqual([
      'attempt.started',
      'run.queued',
      'run.started',
      'run.finished',
      'submission.received',
      'attempt.closed',
      'grading.started',
      'grading.completed',
    ]);
    const known = new Set(sampleChecks.map(({ name }) => name));
    const hidden = grading.checks.map(({ name }) => name).filter((name) => !known.has(name));
    expect(hidden.length).toBeGreaterThan(10);
    expect(answers.text()).toContain('grading.progressed');
    expect(hidden.filter((name) => answers.text().includes(name))).toEqual([]);
    expect(answers.text()).not.toMatch(/score|below_junior|levelSteps|"seed"/);
  });
});
