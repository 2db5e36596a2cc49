import { StaffEvent } from '@assay/contracts/events';
import {
  createTestDatabase,
  makeGradedSubmission,
  makeGradingNeedingAttention,
  makeMember,
  makeSubmission,
  makeTask,
  type TestDatabase,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from './database.js';
import { candidacyStream, listEventsAfter } from './events.js';
import { type ClaimedGrading, claimGrading, completeGrading, recordPlatformFailure } from './gradings.js';
import { listGradingsNeedingAttentionOf, retryGradingOf } from './needing-attention.js';
import type { Viewer } from './viewer.js';
import { readGradingQueue } from './waiting-work.js';

const WHOLE = { limit: 50 };

describe('a grading that needs attention', () => {
  let test: TestDatabase;
  let owner: Database;
  let db: Database;
  let viewer: Viewer;
  let taskId: string;
  let submission: Awaited<ReturnType<typeof makeSubmission>>;

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
    db = new Database(test.apiUrl);
  });
  afterAll(async () => {
    await db.close();
    await owner.close();
    await test.drop();
  });
  beforeEach(async () => {
    viewer = await makeMember(owner);
    taskId = await makeTask(owner);
    submission = await makeGradingNeedingAttention(owner, viewer, taskId);
  });

  const listed = async (by = viewer) => (await listGradingsNeedingAttentionOf(db, by, WHOLE)).items;

  it('is listed with its reason, its tries and since when', async () => {
    const { submissionId, candidacyId, gradingId } = submission;
    const [item, ...more] = await listed();
    expect(more).toEqual([]);
    expect(item).toEqual({
      gradingId,
      submissionId,
      candidacyId,
      taskId,
      taskVersion: 1,
      reason: 'the sandbox broke',
      starts: 3,
      platformFailures: 3,
      since: expect.any(String),
    });
    const row = await owner.prisma.grading.findUniqueOrThrow({ where: { id: gradingId } });
    expect(item?.since).toBe(row.needsAttentionSince?.toISOString());
    expect(await listed(await makeMember(owner, 'owner'))).toEqual([]);
  });

  it('waits again with a fresh budget once a person asks for it', async () => {
    const { gradingId, candidacyId } = submission;
    const { grading, dispatch } = await retryGradingOf(db, viewer, gradingId);
    expect(grading).toMatchObject({ id: gradingId, state: 'queued' });
    // A job under a number that BullMQ holds would be ignored.
    expect(dispatch).toBe(2);
    expect(await listed()).toEqual([]);
    const events = await listEventsAfter(db, candidacyStream(candidacyId), 0, StaffEvent);
    expect(events.at(-1)?.event).toEqual({ type: 'grading.retried', gradingId, memberId: viewer.memberId });
    for (const expected of ['queued', 'queued', 'needs_attention']) {
      await recordPlatformFailure(db, (await claimGrading(db, gradingId)) as ClaimedGrading, 'again');
      const row = await owner.prisma.grading.findUniqueOrThrow({ where: { id: gradingId } });
      expect(row.state).toBe(expected);
    }
    expect(await listed()).toMatchObject([{ starts: 6, platformFailures: 3, reason: 'again' }]);
  });

  it('that has cost twenty workers may cost as many again, and no result of theirs counts', async () => {
    const { gradingId } = await makeSubmission(owner, viewer, taskId);
    const lost = (await claimGrading(db, gradingId)) as ClaimedGrading;
    await owner.prisma.grading.update({ where: { id: gradingId }, data: { starts: 20 } });
    expect(await claimGrading(db, gradingId)).toBeNull();
    expect((await listed()).map((item) => item.gradingId)).toContain(gradingId);
    await retryGradingOf(db, viewer, gradingId);
    expect((await claimGrading(db, gradingId))?.start).toBe(21);
    const outcome = {
      checks: [],
      score: 0,
      engine: 'test',
      guarantees: [],
      degraded: [],
      seed: 's',
      output: '',
    };
    expect(await completeGrading(db, lost, outcome)).toBe(false);
  });

  it('is retried once by two people at once; nothing else is retried', async () => {
    const colleague = await makeMember(owner, 'owner', viewer.organisationId);
    const answers = await Promise.allSettled(
      [viewer, colleague].map((by) => retryGradingOf(db, by, submission.gradingId)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'grading.not_retryable' },
    });
    const graded = await makeGradedSubmission(owner, viewer, taskId);
    await expect(retryGradingOf(db, viewer, graded.gradingId)).rejects.toMatchObject({
      code: 'grading.not_retryable',
    });
    const stranger = await makeMember(owner, 'owner');
    await expect(retryGradingOf(db, stranger, submission.gradingId)).rejects.toMatchObject({
      code: 'resource.not_found',
    });
  });
});

describe('the queue of gradings', () => {
  let test: TestDatabase;
  let owner: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
  });
  afterAll(async () => {
    await owner.close();
    await test.drop();
  });

  it('tells how many wait, for how long, and what that makes for the next one', async () => {
    const nothing = { waiting: 0, running: 0, oldestWaitMs: null, estimatedWaitMs: 0 };
    expect(await readGradingQueue(owner)).toEqual(nothing);
    const viewer = await makeMember(owner);
    const taskId = await makeTask(owner);
    const old = await makeSubmission(owner, viewer, taskId);
    await makeSubmission(owner, viewer, taskId);
    await owner.prisma.$executeRaw`
      UPDATE grading SET queued_at = now() - interval '1 minute' WHERE id = ${old.gradingId}::uuid`;
    const unknown = await readGradingQueue(owner);
    expect(unknown).toMatchObject({ waiting: 2, running: 0, estimatedWaitMs: null });
    expect(unknown.oldestWaitMs).toBeGreaterThanOrEqual(60_000);

    const done = await makeGradedSubmission(owner, viewer, taskId);
    await owner.prisma.$executeRaw`
      UPDATE grading SET started_at = completed_at - interval '10 seconds' WHERE id = ${done.gradingId}::uuid`;
    expect(await readGradingQueue(owner)).toMatchObject({ waiting: 2, estimatedWaitMs: 20_000 });
    await claimGrading(owner, old.gradingId);
    expect(await readGradingQueue(owner)).toMatchObject({
      waiting: 1,
      running: 1,
      estimatedWaitMs: 15_000,
    });
  });
});
