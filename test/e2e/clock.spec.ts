import { publishNotesTask, waitFor } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginSitting } from './journey.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'notes';

describe('the clock', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(() => system?.stop());

  it('gives back the time in which the API was killed, also when it ran out meanwhile', async () => {
    const { candidate, attemptId } = await beginSitting(system, [TASK_ID]);
    await candidate.sendHeartbeat({ body: { editsWhileAway: 0 } });
    await system.assessmentApi.kill();
    const leftMs = async () => {
      const [row] = await system.sql<{ left: number; closed: boolean }>(
        `SELECT 1000 * extract(epoch FROM closes_at - clock_timestamp())::float AS left, closed_at IS NOT NULL AS closed
         FROM attempt WHERE id = $1`,
        attemptId,
      );
      return row ?? { left: Number.NaN, closed: true };
    };
    await system.sql(
      `UPDATE attempt SET closes_at = clock_timestamp() + interval '2 seconds' WHERE id = $1`,
      attemptId,
    );
    // The worker sweeps once a second all the while.
    await waitFor('the time to be over for long', async () => (await leftMs()).left < -4_000, 30_000);
    expect((await leftMs()).closed).toBe(false);

    await system.assessmentApi.start();
    const back = await candidate.getAttempt();
    expect(back).toMatchObject({ state: 'running', credits: [{ kind: 'our_outage' }] });
    expect(back.credits[0]?.seconds).toBeGreaterThan(6);
    expect(Date.parse(back.closesAt ?? '') - Date.parse(back.now)).toBeGreaterThan(1_000);
    await candidate.saveFile({
      params: { taskId: TASK_ID },
      body: { path: 'late.js', content: 'saved after the outage', baseRevision: 0 },
    });

    await waitFor('the end', async () => (await leftMs()).closed, 30_000);
    const { tasks, closedAt, closesAt } = await candidate.getAttempt();
    expect(Date.parse(closedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(closesAt ?? ''));
    const submissionId = String(tasks[0]?.submission?.id);
    const submission = await system.staff.getSubmission({ params: { submissionId } });
    expect(submission.reason).toBe('expired');
    expect(submission.files).toContainEqual({ path: 'late.js', content: 'saved after the outage' });
  });
});
