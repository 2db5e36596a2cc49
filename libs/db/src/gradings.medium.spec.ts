import type { CheckResult } from '@assay/contracts';
import {
  createTestDatabase,
  makeMember,
  makeSubmission,
  makeTask,
  type TestDatabase,
  waitFor,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adoptGradingOf } from './adoptions.js';
import { Database } from './database.js';
import {
  type ClaimedGrading,
  claimGrading,
  completeGrading,
  findGradingLockKey,
  handBackGrading,
  listWaitingGradings,
  recordPlatformFailure,
  redispatchGrading,
} from './gradings.js';
import { getLevelOf } from './level-estimates.js';
import { insertGradingAgain } from './regrades.js';
import { getSubmissionOf } from './submissions.js';
import type { Viewer } from './viewer.js';
import { tryLockWork } from './work-lock.js';

const check = (
  name: string,
  verdict: CheckResult['verdict'],
  level: CheckResult['level'] = 'mid',
): CheckResult => ({
  name,
  verdict,
  level,
  competency: 'rest',
  weight: 1,
  kind: 'functional',
  ms: 5,
  message: null,
  expected: null,
  actual: null,
});

const outcomeOf = (...checks: CheckResult[]) => ({
  checks,
  score: 0.5,
  engine: 'test',
  guarantees: ['memory is limited'],
  degraded: ['CPU time is limited'],
  seed: 's',
  output: '',
});

describe('gradings', () => {
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
    viewer = await makeMember(owner);
    taskId = await makeTask(owner);
  });
  afterAll(async () => {
    await db.close();
    await owner.close();
    await test.drop();
  });
  beforeEach(async () => {
    submission = await makeSubmission(db, viewer, taskId);
  });

  const claim = async (gradingId = submission.gradingId) => {
    const grading = await claimGrading(db, gradingId);
    expect(grading).not.toBeNull();
    return grading as ClaimedGrading;
  };
  const stateOf = async (id = submission.gradingId) =>
    (await db.prisma.grading.findUniqueOrThrow({ where: { id } })).state;

  it('writes a result once, adopts the first grading and estimates the level', async () => {
    const grading = await claim();
    expect(await completeGrading(db, grading, outcomeOf(check('a', 'passed'), check('b', 'failed')))).toBe(
      true,
    );
    expect(await completeGrading(db, grading, outcomeOf(check('a', 'failed')))).toBe(false);
    const { gradings } = await getSubmissionOf(db, viewer, submission.submissionId);
    expect(gradings).toHaveLength(1);
    expect(gradings[0]).toMatchObject({ state: 'completed', isCurrent: true });
    expect(gradings[0]).toMatchObject({
      guarantees: ['memory is limited'],
      degraded: ['CPU time is limited'],
    });
    expect(gradings[0]?.checks.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['a', 'passed'],
      ['b', 'failed'],
    ]);
    const level = await getLevelOf(db, viewer, submission.candidacyId);
    expect(level.evidence.map((piece) => [piece.check, Math.sign(piece.levelSteps)])).toEqual([
      ['a', 1],
      ['b', -1],
    ]);
  });

  it('has nothing to do for a delivery after the end', async () => {
    await completeGrading(db, await claim(), outcomeOf(check('a', 'passed')));
    expect(await claimGrading(db, submission.gradingId)).toBeNull();
  });

  it('drops the result of a start that another start has overtaken', async () => {
    const slow = await claim();
    const fast = await claim();
    expect(await completeGrading(db, slow, outcomeOf(check('slow', 'failed')))).toBe(false);
    expect(await completeGrading(db, fast, outcomeOf(check('fast', 'passed')))).toBe(true);
    const { gradings } = await getSubmissionOf(db, viewer, submission.submissionId);
    expect(gradings[0]?.checks.map(({ name }) => name)).toEqual(['fast']);
  });

  it('tries again after a failure of ours, then asks a person, and never writes a mark', async () => {
    for (const expected of ['queued', 'queued', 'needs_attention']) {
      await recordPlatformFailure(db, await claim(), 'the sandbox broke');
      expect(await stateOf()).toBe(expected);
    }
    expect(await claimGrading(db, submission.gradingId)).toBeNull();
    const { gradings } = await getSubmissionOf(db, viewer, submission.submissionId);
    expect(gradings[0]).toMatchObject({
      score: null,
      outcome: 'platform_failure',
      checks: [],
      isCurrent: false,
    });
    await expect(getLevelOf(db, viewer, submission.candidacyId)).rejects.toMatchObject({
      code: 'resource.not_found',
    });
  });

  it('stops a submission that keeps killing workers after 20 starts', async () => {
    await db.prisma.grading.update({ where: { id: submission.gradingId }, data: { starts: 20 } });
    expect(await claimGrading(db, submission.gradingId)).toBeNull();
    expect(await stateOf()).toBe('needs_attention');
  });

  it('gives only one worker the lock, and frees it when that worker is gone', async () => {
    const { lockKey } = (await findGradingLockKey(db, submission.gradingId)) as { lockKey: number };
    const other = new Database(test.workerUrl);
    const held = await tryLockWork(other, 'grading', lockKey);
    expect(held).not.toBeNull();
    expect(await tryLockWork(db, 'grading', lockKey)).toBeNull();
    // As a kill -9 would: the connection ends, nobody says goodbye.
    await owner.prisma.$executeRaw`
      SELECT pg_terminate_backend(l.pid) FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.objid = ${lockKey}::int::oid
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    await waitFor('the loss to be told', () => held?.lost.aborted);
    const taken = await waitFor('the lock to be free', () => tryLockWork(db, 'grading', lockKey));
    await taken.release();
    await held?.release();
    await other.close();
  });

  it('lets what lost its worker wait again, and leaves alone what a worker holds', async () => {
    const { lockKey } = (await findGradingLockKey(db, submission.gradingId)) as { lockKey: number };
    const lock = await tryLockWork(db, 'grading', lockKey);
    await claim();
    await listWaitingGradings(db, 0);
    expect(await stateOf()).toBe('running');
    await lock?.release();
    const waiting = await listWaitingGradings(db, 0);
    expect(waiting.map(({ id }) => id)).toContain(submission.gradingId);
    expect(await stateOf()).toBe('queued');
  });

  it('hands out each dispatch number once', async () => {
    const { gradingId } = submission;
    const taken = await Promise.all([1, 2, 3].map(() => redispatchGrading(db, gradingId, 1)));
    expect(taken.filter((dispatch) => dispatch !== null)).toEqual([2]);
  });

  it('hands a grading back unmarked when its worker shuts down', async () => {
    await handBackGrading(db, await claim());
    expect(await db.prisma.grading.findUniqueOrThrow({ where: { id: submission.gradingId } })).toMatchObject({
      state: 'queued',
      platformFailures: 0,
    });
  });

  it('counts both of two gradings that end together', async () => {
    const second = await makeTask(owner);
    const assessment = await db.prisma.assessment.create({
      data: { organisationId: viewer.organisationId, name: 'Two', minutes: 10 },
    });
    const { taskVersionId } = await db.prisma.submission.findUniqueOrThrow({
      where: { id: submission.submissionId },
    });
    const other = await db.prisma.taskVersion.findFirstOrThrow({ where: { taskId: second } });
    const attempt = await db.prisma.attempt.create({
      data: { candidacyId: submission.candidacyId, assessmentId: assessment.id, minutes: 10 },
    });
    const gradingIds = await Promise.all(
      [taskVersionId, other.id].map(async (versionId) => {
        const { snapshotSha256 } = await db.prisma.submission.findUniqueOrThrow({
          where: { id: submission.submissionId },
        });
        const row = await db.prisma.submission.create({
          data: { attemptId: attempt.id, taskVersionId: versionId, snapshotSha256, reason: 'candidate' },
        });
        return (await db.prisma.grading.create({ data: { submissionId: row.id, taskVersionId: versionId } }))
          .id;
      }),
    );
    const claimed = await Promise.all(gradingIds.map((id) => claim(id)));
    const written = await Promise.all(
      claimed.map((grading, i) => completeGrading(db, grading, outcomeOf(check(`together-${i}`, 'passed')))),
    );
    expect(written).toEqual([true, true]);
    const level = await getLevelOf(db, viewer, submission.candidacyId);
    expect(level.evidence.map((piece) => piece.check).sort()).toEqual(['together-0', 'together-1']);
  });

  it('lets a regrade count only once a person has adopted it', async () => {
    await completeGrading(db, await claim(), outcomeOf(check('a', 'failed')));
    const before = await getLevelOf(db, viewer, submission.candidacyId);
    const regrade = await insertGradingAgain(db, viewer, submission.submissionId);
    await expect(insertGradingAgain(db, viewer, submission.submissionId)).rejects.toMatchObject({
      code: 'grading.in_progress',
    });
    await expect(adoptGradingOf(db, viewer, regrade.id)).rejects.toMatchObject({
      code: 'grading.not_adoptable',
    });
    await completeGrading(db, await claim(regrade.id), outcomeOf(check('a', 'passed')));
    expect((await getLevelOf(db, viewer, submission.candidacyId)).overall).toEqual(before.overall);
    await adoptGradingOf(db, viewer, regrade.id);
    const after = await getLevelOf(db, viewer, submission.candidacyId);
    expect(after.overall.mean).toBeGreaterThan(before.overall.mean);
  });

  it('keeps submissions and levels from other organisations', async () => {
    await completeGrading(db, await claim(), outcomeOf(check('a', 'passed')));
    const stranger = await makeMember(owner, 'owner');
    const unseen = { code: 'resource.not_found' };
    await expect(getSubmissionOf(db, stranger, submission.submissionId)).rejects.toMatchObject(unseen);
    await expect(getLevelOf(db, stranger, submission.candidacyId)).rejects.toMatchObject(unseen);
    await expect(insertGradingAgain(db, stranger, submission.submissionId)).rejects.toMatchObject(unseen);
    await expect(adoptGradingOf(db, stranger, submission.gradingId)).rejects.toMatchObject(unseen);
  });
});
