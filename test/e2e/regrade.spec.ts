import { LENIENT_NOTES, notesProject, publishNotesTask, RIGHT_NOTES } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { followUntil, submitFiles, untilGraded } from './journey.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'notes';
const WRONG_CHECK = 'refuses-what-is-no-note';

describe('a check that was wrong', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ gradingSlots: 2 });
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(() => system?.stop());

  const submitAndGrade = async (files: typeof RIGHT_NOTES) => {
    const { candidacyId, submissionId } = await submitFiles(system, TASK_ID, files);
    const { grading } = await untilGraded(system.staff, candidacyId, submissionId);
    return { candidacyId, submissionId, gradingId: grading.id, score: grading.score };
  };
  const levelOf = async (candidacyId: string) =>
    (await system.staff.getLevel({ params: { candidacyId } })).overall;

  it('is put right by version 2: who flips is seen first, then one is adopted, then all', async () => {
    const { staff } = system;
    const lenient = await submitAndGrade(LENIENT_NOTES);
    const right = await submitAndGrade(RIGHT_NOTES);
    const broken = await submitAndGrade(notesProject('process.exit(3);'));
    expect([lenient.score, right.score, broken.score]).toEqual([0.8333, 1, 0]);
    const before = await levelOf(lenient.candidacyId);
    const params = { taskId: TASK_ID };
    expect((await staff.listOutdatedSubmissions({ params })).items).toEqual([]);

    await publishNotesTask(system.ownerUrl, TASK_ID, 2);
    const { items: outdated, newestVersion } = await staff.listOutdatedSubmissions({ params });
    expect(newestVersion).toBe(2);
    expect(outdated.map(({ submissionId }) => submissionId).toSorted()).toEqual(
      [lenient, right, broken].map(({ submissionId }) => submissionId).toSorted(),
    );

    const regrade = await staff.startRegrade({ params, body: {} }, { idempotencyKey: 'once' });
    const repeated = await staff.startRegrade({ params, body: {} }, { idempotencyKey: 'once' });
    expect(repeated.id).toBe(regrade.id);
    expect(regrade).toMatchObject({ fromVersions: [1], toVersion: 2 });
    const ofRegrade = { params: { regradeId: regrade.id } };
    for (const { candidacyId } of [lenient, right, broken]) {
      let completed = 0;
      await followUntil(staff, candidacyId, ({ type }) => {
        if (type === 'grading.completed') completed += 1;
        return completed === 2;
      });
    }
    expect((await staff.getRegrade(ofRegrade)).gradings).toMatchObject({ completed: 3, adopted: 0 });

    const { items } = await staff.listRegradedSubmissions(ofRegrade);
    const itemOf = ({ submissionId }: { submissionId: string }) =>
      items.find((item) => item.submissionId === submissionId);
    expect(itemOf(lenient)).toMatchObject({
      isAdopted: false,
      before: { gradingId: lenient.gradingId, taskVersion: 1, score: 0.8333 },
      after: {
        score: 1,
        changedChecks: [{ check: WRONG_CHECK, before: 'failed', after: 'passed' }],
        outcomeFlips: true,
        standing: { before: { overall: before.statement } },
      },
    });
    for (const unchanged of [right, broken]) {
      expect(itemOf(unchanged)?.after).toMatchObject({
        changedChecks: [],
        outcomeFlips: false,
        levelFlips: false,
      });
    }
    // Nothing of it counts yet.
    expect(await levelOf(lenient.candidacyId)).toEqual(before);

    const gradingId = itemOf(lenient)?.gradingId ?? '';
    const one = await staff.adoptRegrade({ ...ofRegrade, body: { gradingIds: [gradingId] } });
    expect(one.gradings.adopted).toBe(1);
    const after = await levelOf(lenient.candidacyId);
    expect(after.mean).toBeGreaterThan(before.mean);
    expect(after.statement).toBe(itemOf(lenient)?.after?.standing.after.overall);

    const all = await staff.adoptRegrade({ ...ofRegrade, body: {} });
    expect(all.gradings).toMatchObject({ completed: 3, adopted: 3 });
    expect((await staff.listOutdatedSubmissions({ params })).items).toEqual([]);

    // Undone by adopting the earlier grading again.
    await staff.adoptGrading({ params: { gradingId: lenient.gradingId } });
    expect(await levelOf(lenient.candidacyId)).toEqual(before);
  });

  it('of ours stays nobody’s mark: what needs attention is retried by a person, and graded', async () => {
    const { staff, worker } = system;
    await worker.stop();
    const { candidacyId, submissionId } = await submitFiles(system, TASK_ID, RIGHT_NOTES);
    await system.sql(
      `UPDATE grading SET state = 'needs_attention', platform_failures = 3, reason = 'the disk was full',
        needs_attention_since = now() WHERE submission_id = $1`,
      submissionId,
    );
    const { items } = await staff.listGradingsNeedingAttention();
    expect(items).toMatchObject([{ submissionId, candidacyId, reason: 'the disk was full' }]);
    expect(await staff.getGradingQueue()).toMatchObject({ waiting: 0, oldestWaitMs: null });
    await staff.retryGrading({ params: { gradingId: items[0]?.gradingId ?? '' } });
    const queue = await staff.getGradingQueue();
    expect(queue.waiting).toBe(1);
    expect(queue.oldestWaitMs).toBeGreaterThanOrEqual(0);
    expect(queue.estimatedWaitMs).toBeGreaterThan(0);
    await worker.start();
    const { grading } = await untilGraded(staff, candidacyId, submissionId);
    expect(grading).toMatchObject({ outcome: 'completed', score: 1, isCurrent: true });
    expect((await staff.listGradingsNeedingAttention()).items).toEqual([]);
  });
});
