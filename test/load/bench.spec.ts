import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const BENCH = join(import.meta.dirname, '../../tools/bootstrap/bench.mjs');

// That it measures and says so; never how fast: this machine is shared.
describe('npm run bench', () => {
  const bench = (...args: string[]) => run(process.execPath, [BENCH, ...args, '--quick']);

  it('measures the API and writes figures, the machine and the goals as JSON, and nothing else, to stdout', async () => {
    const { stdout } = await bench('api', '--json');
    const report = JSON.parse(stdout) as {
      machine: object;
      suite: string;
      results: { id: string; median: number }[];
      goals: { id: string }[];
    };
    expect(report.suite).toBe('api');
    expect(report.machine).toMatchObject({
      cpu: expect.any(String),
      cores: expect.any(Number),
      node: process.version,
      postgres: expect.stringMatching(/^\d+/),
      loadAverageBefore: expect.any(Number),
    });
    const medians = new Map(report.results.map(({ id, median }) => [id, median]));
    const measured = ['api-get-per-second', 'express-hello-per-second', 'save-p95', 'submit-p95'];
    expect(measured.filter((id) => !((medians.get(id) ?? 0) > 0))).toEqual([]);
    expect(report.goals).toEqual([
      {
        id: 'api-get-vs-express',
        value: expect.any(Number),
        unit: '×',
        goal: 0.35,
        met: expect.any(Boolean),
      },
      { id: 'api-errors', value: 0, unit: 'errors', goal: 0, met: true },
    ]);
  });

  it('measures gradings beside the same checks on plain processes, with one slot and with two', async () => {
    const { stdout } = await bench('grading', '--json');
    const report = JSON.parse(stdout) as {
      suite: string;
      results: { id: string; median: number }[];
      goals: object[];
    };
    expect(report.suite).toBe('grading');
    const measured = report.results.filter(({ median }) => median > 0).map(({ id }) => id);
    expect(measured).toEqual(
      expect.arrayContaining([
        'grade-vs-plain',
        'grade-vs-one-plain-server',
        'sandbox-self-test',
        'sandbox-start',
        'sandbox-kill',
        'express-start-vs-plain',
        'warm-first-answer',
        'request-overhead',
        'slot-memory',
        'worker-memory-growth',
        'two-slots-vs-one',
      ]),
    );
    const goal = (id: string, unit: string, value: number) => ({
      ...{ id, unit, goal: value },
      ...{ value: expect.any(Number), met: expect.any(Boolean) },
    });
    expect(report.goals).toEqual([
      goal('grade-vs-plain', '×', 2),
      goal('sandbox-cold-over-plain', 'ms', 5),
      goal('sandbox-kill', 'ms', 10),
      goal('sandbox-refill', 'ms', 100),
      goal('sandbox-ready-memory', 'MB', 15),
      goal('express-start-vs-plain', '×', 0.75),
      goal('warm-first-answer', 'ms', 5),
      goal('warm-first-answer-p90', 'ms', 10),
      goal('request-overhead', '×', 1.1),
      goal('whole-grading', '×', 1.3),
    ]);
  }, 300_000);

  it('says what there is to measure when asked for something else', async () => {
    await expect(bench('nothing')).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('npm run bench -- <api or grading>'),
    });
  });
});
