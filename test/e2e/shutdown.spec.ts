import { publishNotesTask, RIGHT_NOTES, waitFor } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { beginSitting, followUntil, submitFiles, untilGraded } from './journey.js';
import { sandboxProcessesOf } from './sandbox-traces.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'notes';
/** Longer than any test: a worker that drains for so long ends because its work has, or was told to hurry. */
const DRAIN_SECONDS = 120;
/** Right, and so slow to come up before every check that there is time to stop a worker in the middle. */
const SLOW = RIGHT_NOTES.map(({ path, content }) =>
  path === 'server.js'
    ? { path, content: `await new Promise((go) => setTimeout(go, 1_000));\n${content}` }
    : { path, content },
);

describe('a process that is asked to stop', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ drainSeconds: DRAIN_SECONDS });
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(() => system?.stop());

  const gradingRow = async (submissionId: string) => {
    const [row] = await system.sql<{ state: string; starts: number; platform_failures: number }>(
      'SELECT state, starts, platform_failures FROM grading WHERE submission_id = $1',
      submissionId,
    );
    return row;
  };
  /** A grading that the worker is in the middle of. */
  const submitAndWaitForProgress = async (files: typeof SLOW) => {
    const sitting = await submitFiles(system, TASK_ID, files);
    await followUntil(system.staff, sitting.candidacyId, ({ type }) => type === 'grading.progressed');
    return sitting;
  };

  it('lets requests under way end, ends streams in order, takes no new ones, and ends with 0', async () => {
    const { candidate, attemptId } = await beginSitting(system, [TASK_ID]);
    const streamEnded = (async () => {
      for await (const _ of await candidate.streamAttempt()) {
        // Read to its end, which must be one: a connection that breaks throws.
      }
      return true;
    })();
    const blocker = new pg.Client({ connectionString: system.ownerUrl });
    await blocker.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query('SELECT FROM attempt WHERE id = $1 FOR UPDATE', [attemptId]);
      const submitting = candidate.submitTask({ params: { taskId: TASK_ID } });
      await waitFor('the request to wait for the row', async () => {
        const waiting = await system.sql(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length > 0;
      });
      const exit = system.assessmentApi.end('SIGTERM');
      expect(await streamEnded).toBe(true);
      await waitFor('the API to refuse connections', async () => {
        const answer = await fetch(`${system.candidateUrl}/health/live`).catch(() => null);
        return answer === null;
      });
      await blocker.query('COMMIT');
      expect(await submitting).toMatchObject({ taskId: TASK_ID });
      expect(await exit).toBe(0);
    } finally {
      await blocker.end();
      await system.assessmentApi.start();
    }
  });

  it('ends the grading under way, if there is time, and then itself', async () => {
    const { candidacyId, submissionId } = await submitAndWaitForProgress(RIGHT_NOTES);
    expect(await system.worker.end('SIGTERM')).toBe(0);
    expect(await gradingRow(submissionId)).toEqual({ state: 'completed', starts: 1, platform_failures: 0 });
    await system.worker.start();
    expect((await untilGraded(system.staff, candidacyId, submissionId)).grading.score).toBe(1);
  });

  it('hands back what does not end in time, and counts neither a start nor a failure', async () => {
    const { worker } = system;
    await worker.end('SIGTERM');
    await worker.start([], { ASSAY_DRAIN_SECONDS: '0' });
    const { candidacyId, submissionId } = await submitAndWaitForProgress(RIGHT_NOTES);
    const { pid } = worker;
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await gradingRow(submissionId)).toEqual({ state: 'queued', starts: 0, platform_failures: 0 });
    expect(await sandboxProcessesOf(pid)).toEqual([]);
    await worker.start();
    expect((await untilGraded(system.staff, candidacyId, submissionId)).grading.score).toBe(1);
    expect(await gradingRow(submissionId)).toEqual({ state: 'completed', starts: 1, platform_failures: 0 });
  });

  it('hands back at once when it is asked twice: the other worker grades it, once', async () => {
    const { worker, staff } = system;
    const another = await system.addWorker();
    await another.start();
    const { candidacyId, submissionId } = await submitAndWaitForProgress(SLOW);
    const [asked, other] = worker.log.includes(submissionId) ? [worker, another] : [another, worker];
    const askedAtMs = performance.now();
    asked.signal('SIGTERM');
    await waitFor('the worker to have heard', () => asked.log.includes('"msg":"closing"'));
    expect(await gradingRow(submissionId)).toMatchObject({ state: 'running' });
    expect(await asked.end('SIGTERM')).toBe(0);
    expect(performance.now() - askedAtMs).toBeLessThan(10_000);

    const { events, grading } = await untilGraded(staff, candidacyId, submissionId);
    expect(grading).toMatchObject({ state: 'completed', outcome: 'completed', score: 1 });
    expect(await gradingRow(submissionId)).toEqual({ state: 'completed', starts: 1, platform_failures: 0 });
    expect(other.log).toContain(submissionId);
    const types = events.map(({ event }) => event.type);
    expect(types.filter((type) => type === 'grading.started')).toHaveLength(2);
    expect(types.filter((type) => type === 'grading.completed')).toHaveLength(1);
    expect(types).not.toContain('grading.failed_by_us');
  });
});
