import { ProblemError } from '@assay/contracts/client';
import type { StaffEvent } from '@assay/contracts/events';
import {
  deliverAgain,
  LENIENT_NOTES,
  loseQueue,
  NOTES_CHECKS,
  notesProject,
  publishNotesTask,
  queueIsDrained,
  RIGHT_NOTES,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginSitting, followUntil, isEstimated, submitFiles, untilGraded, writeFiles } from './journey.js';
import { sandboxFoldersOf, sandboxProcessesOf } from './sandbox-traces.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'notes';
const OTHER_TASK_ID = 'more-notes';

/** What LENIENT_NOTES gets whenever nothing disturbs its grading. */
const LENIENT_VERDICTS = NOTES_CHECKS.map((name) => [
  name,
  name === 'refuses-what-is-no-note' ? 'failed' : 'passed',
]);

const count = (events: { event: StaffEvent }[], type: StaffEvent['type']) =>
  events.filter(({ event }) => event.type === type).length;

describe('nothing is lost', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ gradingSlots: 2 });
    for (const id of [TASK_ID, OTHER_TASK_ID]) await publishNotesTask(system.ownerUrl, id);
  });
  afterAll(() => system?.stop());

  const gradingIdOf = async (submissionId: string): Promise<string> => {
    const { gradings } = await system.staff.getSubmission({ params: { submissionId } });
    return gradings[0]?.id ?? '';
  };

  it('when the worker is killed in the middle of a grading', async () => {
    const { staff, worker, home } = system;
    const { candidacyId, submissionId } = await submitFiles(system, TASK_ID, LENIENT_NOTES);
    await followUntil(staff, candidacyId, ({ type }) => type === 'grading.progressed');
    const killedPid = worker.pid;
    expect(await sandboxProcessesOf(killedPid)).not.toEqual([]);
    expect(await sandboxFoldersOf(home, killedPid)).not.toEqual([]);
    await worker.kill();
    const [row] = await system.sql('SELECT state FROM grading WHERE submission_id = $1', submissionId);
    expect(row).toEqual({ state: 'running' });

    // Sandboxes die with their worker; one that was just being started is ended by the next one, with what is left.
    await worker.start();
    expect(await sandboxProcessesOf(killedPid)).toEqual([]);
    expect(await sandboxFoldersOf(home, killedPid)).toEqual([]);
    const { events, grading } = await untilGraded(staff, candidacyId, submissionId);
    expect(grading).toMatchObject({ outcome: 'completed', reason: null, isCurrent: true });
    expect(grading.checks.map(({ name, verdict }) => [name, verdict])).toEqual(LENIENT_VERDICTS);
    expect(count(events, 'grading.started')).toBe(2);
    expect(count(events, 'grading.completed')).toBe(1);
    expect(count(events, 'grading.failed_by_us')).toBe(0);
    const [failures] = await system.sql(
      'SELECT starts, platform_failures FROM grading WHERE submission_id = $1',
      submissionId,
    );
    expect(failures).toEqual({ starts: 2, platform_failures: 0 });
  });

  it('when Redis loses all it holds before a worker has seen it', async () => {
    const { staff, worker, queue } = system;
    await worker.stop();
    const { candidacyId, submissionId } = await submitFiles(system, TASK_ID, LENIENT_NOTES);
    expect(await loseQueue(queue)).toBeGreaterThan(0);
    await worker.start();
    const { grading } = await untilGraded(staff, candidacyId, submissionId);
    expect(grading.checks.map(({ name, verdict }) => [name, verdict])).toEqual(LENIENT_VERDICTS);
  });

  it('and nothing is done twice when a grading is delivered again, during it and after it', async () => {
    const { staff, queue } = system;
    const { candidacyId, submissionId } = await submitFiles(system, TASK_ID, LENIENT_NOTES);
    const gradingId = await gradingIdOf(submissionId);
    await followUntil(staff, candidacyId, ({ type }) => type === 'grading.started');
    await deliverAgain(queue, gradingId, [101, 102, 103]);
    await followUntil(staff, candidacyId, isEstimated);
    await deliverAgain(queue, gradingId, [104]);
    await queueIsDrained(queue, 'grading');

    const [row] = await system.sql('SELECT starts, state FROM grading WHERE id = $1', gradingId);
    expect(row).toEqual({ starts: 1, state: 'completed' });
    const { grading } = await untilGraded(staff, candidacyId, submissionId);
    expect(grading.checks.map(({ name }) => name)).toEqual(NOTES_CHECKS);
    const [events] = await system.sql<{ completed: string }>(
      `SELECT count(*) AS completed FROM event WHERE stream = $1 AND payload->>'type' = 'grading.completed'`,
      `candidacy:${candidacyId}`,
    );
    expect(events?.completed).toBe('1');
  });

  it('when two tabs submit at once: one submits, the other is told', async () => {
    const { staff } = system;
    const { candidate, candidacyId, openAnotherTab } = await beginSitting(system, [TASK_ID]);
    const tabs = [candidate, await openAnotherTab()];
    await writeFiles(candidate, TASK_ID, RIGHT_NOTES);
    const answers = await Promise.allSettled(
      tabs.map((tab) => tab.submitTask({ params: { taskId: TASK_ID } })),
    );
    const [submitted, ...others] = answers.flatMap((answer) =>
      answer.status === 'fulfilled' ? [answer.value] : [],
    );
    const told = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as unknown] : [],
    );
    expect(others).toEqual([]);
    expect(told).toEqual([expect.any(ProblemError)]);
    expect(told).toMatchObject([{ problem: { status: 409, code: 'submission.final' } }]);
    const { grading } = await untilGraded(staff, candidacyId, submitted?.id ?? '');
    expect(grading.score).toBe(1);
  });

  it('when the time is over: what was saved is submitted and graded', async () => {
    const { staff } = system;
    const { candidate, candidacyId, attemptId } = await beginSitting(system, [TASK_ID]);
    await writeFiles(candidate, TASK_ID, RIGHT_NOTES);
    await system.sql(`UPDATE attempt SET closes_at = now() - interval '1 second' WHERE id = $1`, attemptId);
    await followUntil(staff, candidacyId, isEstimated);
    const { attempts } = await staff.getCandidacy({ params: { candidacyId } });
    const [attempt] = attempts;
    expect(attempt).toMatchObject({ state: 'closed', submissions: [{ gradingState: 'completed' }] });
    const submissionId = attempt?.submissions[0]?.id ?? '';
    const submission = await staff.getSubmission({ params: { submissionId } });
    expect(submission).toMatchObject({ reason: 'expired', gradings: [{ score: 1 }] });
    expect(submission.files).toEqual(RIGHT_NOTES);
  });

  it('when two gradings of one candidate end together: both count for the level', async () => {
    const { staff } = system;
    const { candidate, candidacyId } = await beginSitting(system, [TASK_ID, OTHER_TASK_ID]);
    await writeFiles(candidate, TASK_ID, RIGHT_NOTES);
    await writeFiles(candidate, OTHER_TASK_ID, notesProject('process.exit(3);'));
    await Promise.all([TASK_ID, OTHER_TASK_ID].map((taskId) => candidate.submitTask({ params: { taskId } })));
    let estimates = 0;
    await followUntil(staff, candidacyId, (event) => {
      if (isEstimated(event)) estimates += 1;
      return estimates === 2;
    });
    const { evidence } = await staff.getLevel({ params: { candidacyId } });
    for (const taskId of [TASK_ID, OTHER_TASK_ID]) {
      const ofTask = evidence.filter((piece) => piece.taskId === taskId);
      expect(ofTask.map(({ check }) => check)).toEqual(NOTES_CHECKS);
      expect(ofTask.some(({ verdict }) => verdict === 'passed')).toBe(taskId === TASK_ID);
    }
  });
});
