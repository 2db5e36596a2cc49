import { StaffEvent } from '@assay/contracts/events';
import {
  completeQueuedGrading,
  createTestDatabase,
  makeGradedSubmission,
  makeMember,
  makeRegrade,
  makeSubmission,
  makeTask,
  makeTaskVersion,
  type TestDatabase,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adoptGradingOf, adoptRegradeOf } from './adoptions.js';
import { Database } from './database.js';
import { candidacyStream, listEventsAfter } from './events.js';
import { claimGrading } from './gradings.js';
import { getLevelOf } from './level-estimates.js';
import { listOutdatedSubmissionsOf } from './outdated-submissions.js';
import { listRegradedSubmissionsOf } from './regraded-submissions.js';
import { getRegradeOf, insertGradingAgain, listRegradesOf, startRegradeOf } from './regrades.js';
import { getSubmissionOf } from './submissions.js';
import type { Viewer } from './viewer.js';

const WHOLE = { limit: 50 };

describe('a regrade', () => {
  let test: TestDatabase;
  let owner: Database;
  let db: Database;
  let worker: Database;
  let viewer: Viewer;
  let taskId: string;
  let submissions: Awaited<ReturnType<typeof makeGradedSubmission>>[];

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
    db = new Database(test.apiUrl);
    worker = new Database(test.workerUrl);
  });
  afterAll(async () => {
    for (const each of [owner, db, worker]) await each.close();
    await test.drop();
  });
  /** Three submissions that version 1 has graded, of which version 2 will judge the second check otherwise. */
  beforeEach(async () => {
    viewer = await makeMember(owner);
    taskId = await makeTask(owner);
    submissions = [];
    for (let i = 0; i < 3; i += 1) submissions.push(await makeGradedSubmission(db, viewer, taskId));
    await makeTaskVersion(owner, taskId, 2);
  });

  const outdated = async (by = viewer) => (await listOutdatedSubmissionsOf(db, by, taskId, WHOLE)).items;
  const regraded = async (regradeId: string) =>
    (await listRegradedSubmissionsOf(db, viewer, regradeId, WHOLE)).items;
  const start = async (ids?: string[]) => {
    const { regrade, queued } = await startRegradeOf(db, viewer, taskId, ids);
    return { regradeId: regrade.id, regrade, gradingIds: queued.map(({ gradingId }) => gradingId) };
  };
  const startAndComplete = async (ids?: string[]) => {
    const started = await start(ids);
    for (const id of started.gradingIds) await completeQueuedGrading(worker, id, ['passed', 'passed']);
    return started;
  };
  const idsOf = (ids = submissions) => ids.map(({ submissionId }) => submissionId);
  const currentOf = async (submissionId: string) =>
    (await getSubmissionOf(db, viewer, submissionId)).gradings.find(({ isCurrent }) => isCurrent);
  const adoptionsOf = async (candidacyId: string) =>
    (await listEventsAfter(db, candidacyStream(candidacyId), 0, StaffEvent)).flatMap(({ event }) =>
      event.type === 'grading.adopted' ? [event] : [],
    );

  it('is of the submissions that an older version has graded', async () => {
    const ungraded = await makeSubmission(db, viewer, taskId);
    const list = await listOutdatedSubmissionsOf(db, viewer, taskId, WHOLE);
    expect(list).toMatchObject({ newestVersion: 2, next: null });
    expect(list.items.map(({ submissionId }) => submissionId).toSorted()).toEqual(idsOf().toSorted());
    expect(list.items[0]).toMatchObject({ grading: { taskVersion: 1, score: 0.5 }, newestGrading: null });
    expect(JSON.stringify(list)).not.toContain(ungraded.submissionId);
    const page = await listOutdatedSubmissionsOf(db, viewer, taskId, { limit: 2 });
    const rest = await listOutdatedSubmissionsOf(db, viewer, taskId, { limit: 2, cursor: page.next ?? '' });
    expect([...page.items, ...rest.items]).toEqual(list.items);
  });

  it('grades with the newest version, is kept with who started it, and moves no level', async () => {
    const [first] = submissions;
    const before = await getLevelOf(db, viewer, first?.candidacyId ?? '');
    const { regradeId, regrade, gradingIds } = await start();
    expect(regrade).toMatchObject({
      taskId,
      fromVersions: [1],
      toVersion: 2,
      startedBy: { id: viewer.memberId },
      gradings: { queued: 3, running: 0, completed: 0, needsAttention: 0, adopted: 0 },
    });
    const newest = await owner.prisma.taskVersion.findFirstOrThrow({ where: { taskId, version: 2 } });
    expect((await claimGrading(worker, gradingIds[0] ?? ''))?.contentHash).toBe(newest.contentHash);
    for (const id of gradingIds) await completeQueuedGrading(worker, id, ['passed', 'passed']);

    expect(await getLevelOf(db, viewer, first?.candidacyId ?? '')).toEqual(before);
    expect(await currentOf(first?.submissionId ?? '')).toMatchObject({ taskVersion: 1, regradeId: null });
    expect(await getRegradeOf(db, viewer, regradeId)).toMatchObject({
      gradings: { completed: 3, adopted: 0 },
    });
    expect((await outdated()).map(({ newestGrading }) => newestGrading)).toEqual(
      [...gradingIds].toReversed().map((id) => ({ id, regradeId, state: 'completed' })),
    );
    const { items } = await listRegradesOf(db, viewer, WHOLE);
    expect(items.map(({ id }) => id)).toEqual([regradeId]);
  });

  it('shows what each adoption would change, and adopting changes exactly that', async () => {
    const [{ submissionId, candidacyId, gradingId }] = submissions as [(typeof submissions)[number]];
    const before = await getLevelOf(db, viewer, candidacyId);
    const { regradeId, gradingIds } = await start();
    expect((await regraded(regradeId)).map(({ after }) => after)).toEqual([null, null, null]);
    const [flips, worsens] = gradingIds as [string, string];
    await completeQueuedGrading(worker, flips, ['passed', 'passed']);
    await completeQueuedGrading(worker, worsens, ['passed', 'failed']);
    const items = await regraded(regradeId);
    expect(items.map(({ state }) => state)).toEqual(['queued', 'completed', 'completed']);
    const changed = items.find((item) => item.gradingId === flips);
    const same = items.find((item) => item.gradingId === worsens);
    expect(same?.after).toMatchObject({ changedChecks: [], outcomeFlips: false, levelFlips: false });
    expect(same?.after?.standing.before).toEqual(same?.after?.standing.after);
    expect(changed).toMatchObject({
      submissionId,
      candidacyId,
      isAdopted: false,
      before: { gradingId, taskVersion: 1, score: 0.5 },
      after: {
        score: 1,
        changedChecks: [{ check: 'hidden-two', before: 'failed', after: 'passed' }],
        outcomeFlips: true,
        standing: { before: { overall: before.overall.statement } },
      },
    });

    await adoptGradingOf(db, viewer, flips);
    const after = await getLevelOf(db, viewer, candidacyId);
    expect(after.overall.mean).toBeGreaterThan(before.overall.mean);
    expect(changed?.after?.standing.after).toEqual({
      overall: after.overall.statement,
      competencies: after.competencies.map(({ competency, statement }) => ({ competency, statement })),
    });
    expect(changed?.after?.levelFlips).toBe(after.overall.statement !== before.overall.statement);
    // What it said before is still said when the new grading counts.
    const adopted = (await regraded(regradeId)).find((item) => item.gradingId === flips);
    expect(adopted).toEqual({ ...changed, isAdopted: true });
  });

  it('says that a level flips when its statement does', async () => {
    const many = ['passed', 'failed'] as const;
    const [{ submissionId }] = submissions as [(typeof submissions)[number]];
    const { regradeId, gradingIds } = await start([submissionId]);
    const [gradingId = ''] = gradingIds;
    await completeQueuedGrading(worker, gradingId, [...many]);
    // Twenty senior checks that pass outweigh whatever was known.
    await owner.prisma.checkResult.createMany({
      data: Array.from({ length: 20 }, (_, i) => ({
        gradingId,
        position: 10 + i,
        name: `senior-${i}`,
        verdict: 'passed' as const,
        competency: 'rest' as const,
        level: 'senior' as const,
        weight: 1,
        kind: 'functional' as const,
        ms: 1,
      })),
    });
    const [item] = await regraded(regradeId);
    expect(item?.after?.standing.before.overall).not.toBe(item?.after?.standing.after.overall);
    expect(item?.after).toMatchObject({ outcomeFlips: true, levelFlips: true });
  });

  it('is adopted one by one, then all, by a person, and undone by adopting the earlier grading', async () => {
    const [first, second] = submissions as [(typeof submissions)[number], (typeof submissions)[number]];
    const { regradeId, gradingIds } = await startAndComplete();
    const [one = ''] = gradingIds;
    expect(await adoptRegradeOf(db, viewer, regradeId, [one, one])).toMatchObject({
      gradings: { adopted: 1 },
    });
    expect(await currentOf(first.submissionId)).toMatchObject({
      id: one,
      taskVersion: 2,
      regradeId,
      adoption: { memberId: viewer.memberId },
    });
    expect(await currentOf(second.submissionId)).toMatchObject({ taskVersion: 1, adoption: null });

    const colleague = await makeMember(owner, 'recruiter', viewer.organisationId);
    expect(await adoptRegradeOf(db, colleague, regradeId, undefined)).toMatchObject({
      gradings: { adopted: 3 },
    });
    expect(await outdated()).toEqual([]);
    expect(await adoptionsOf(first.candidacyId)).toEqual([
      {
        type: 'grading.adopted',
        gradingId: one,
        memberId: viewer.memberId,
        replacedId: first.gradingId,
      },
    ]);
    expect(await adoptionsOf(second.candidacyId)).toMatchObject([{ memberId: colleague.memberId }]);

    const improved = await getLevelOf(db, viewer, first.candidacyId);
    await adoptGradingOf(db, viewer, first.gradingId);
    expect((await getLevelOf(db, viewer, first.candidacyId)).overall.mean).toBeLessThan(
      improved.overall.mean,
    );
    expect(await outdated()).toHaveLength(1);
    await adoptGradingOf(db, viewer, first.gradingId);
    expect(await adoptionsOf(first.candidacyId)).toHaveLength(2);
  });

  it('is adopted by two people at once as by one', async () => {
    const { regradeId } = await startAndComplete();
    const colleague = await makeMember(owner, 'owner', viewer.organisationId);
    const answers = await Promise.all(
      [viewer, colleague, viewer].map((by) => adoptRegradeOf(db, by, regradeId, undefined)),
    );
    expect(answers.at(-1)?.gradings.adopted).toBe(3);
    for (const { candidacyId } of submissions) expect(await adoptionsOf(candidacyId)).toHaveLength(1);
  });

  it('adopts all only where its new grading would replace what it was compared with', async () => {
    const [first, second] = submissions as [(typeof submissions)[number], (typeof submissions)[number]];
    const old = await startAndComplete([first.submissionId, second.submissionId]);
    await makeTaskVersion(owner, taskId, 3);
    const newer = await startAndComplete([first.submissionId]);
    await adoptRegradeOf(db, viewer, newer.regradeId, undefined);
    expect((await adoptRegradeOf(db, viewer, old.regradeId, undefined)).gradings.adopted).toBe(1);
    expect(await currentOf(first.submissionId)).toMatchObject({ taskVersion: 3 });
    expect(await currentOf(second.submissionId)).toMatchObject({ taskVersion: 2 });
    // By name, a person may.
    await adoptRegradeOf(db, viewer, old.regradeId, [old.gradingIds[0] ?? '']);
    expect(await currentOf(first.submissionId)).toMatchObject({ taskVersion: 2 });
  });

  it('adopts nothing that is not completed, and nothing at all when one of those named is not', async () => {
    const { regradeId, gradingIds } = await start();
    const [done = '', ...others] = gradingIds;
    await completeQueuedGrading(worker, done, ['passed', 'passed']);
    await expect(adoptRegradeOf(db, viewer, regradeId, gradingIds)).rejects.toMatchObject({
      code: 'grading.not_adoptable',
    });
    const [{ gradingId: elsewhere }] = submissions as [(typeof submissions)[number]];
    await expect(adoptRegradeOf(db, viewer, regradeId, [done, elsewhere])).rejects.toMatchObject({
      code: 'resource.not_found',
    });
    expect((await getRegradeOf(db, viewer, regradeId)).gradings).toMatchObject({ queued: 2, adopted: 0 });
    expect((await adoptRegradeOf(db, viewer, regradeId, undefined)).gradings).toMatchObject({
      queued: others.length,
      adopted: 1,
    });
  });

  it('is started once by two people at once, and of all only where there is none yet', async () => {
    const colleague = await makeMember(owner, 'owner', viewer.organisationId);
    const started = await Promise.allSettled(
      [viewer, colleague].map((by) => startRegradeOf(db, by, taskId, undefined)),
    );
    expect(started.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = started.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'regrade.nothing_to_do' } });
    const gradings = await owner.prisma.grading.count({ where: { submissionId: { in: idsOf() } } });
    expect(gradings).toBe(6);
    await expect(start(idsOf())).rejects.toMatchObject({ code: 'grading.in_progress' });
  });

  it('of chosen submissions may be repeated once they are graded, unless the newest version counts', async () => {
    const chosen = idsOf().slice(0, 1);
    const { regradeId } = await startAndComplete(chosen);
    await startAndComplete(chosen);
    expect((await start()).gradingIds).toHaveLength(2);
    await adoptRegradeOf(db, viewer, regradeId, undefined);
    await expect(start(chosen)).rejects.toMatchObject({ code: 'regrade.up_to_date' });
  });

  it('leaves a later grading of one submission on the version that counts', async () => {
    const { regradeId } = await startAndComplete();
    const [{ submissionId }] = submissions as [(typeof submissions)[number]];
    expect(await insertGradingAgain(db, viewer, submissionId)).toMatchObject({ grading: { taskVersion: 1 } });
    await adoptRegradeOf(db, viewer, regradeId, undefined);
    const [, { submissionId: other }] = submissions as [unknown, (typeof submissions)[number]];
    expect(await insertGradingAgain(db, viewer, other)).toMatchObject({ grading: { taskVersion: 2 } });
  });

  it('is nothing that the candidate hears of', async () => {
    const told = () => owner.prisma.event.count({ where: { stream: { startsWith: 'attempt:' } } });
    const before = await told();
    await startAndComplete();
    expect(await told()).toBe(before);
  });

  it('takes no submission of another task, and is hidden from other organisations', async () => {
    const strangers = await makeMember(owner, 'owner');
    const theirs = await makeGradedSubmission(db, strangers, taskId);
    await makeTaskVersion(owner, taskId, 3);
    const { regradeId, regradingIds } = await makeRegrade(owner, viewer, {
      taskId,
      submissionId: submissions[0]?.submissionId ?? '',
    });
    const unseen = { code: 'resource.not_found' };
    await expect(startRegradeOf(db, strangers, taskId, idsOf())).rejects.toMatchObject(unseen);
    await expect(startRegradeOf(db, viewer, taskId, [...idsOf(), theirs.submissionId])).rejects.toMatchObject(
      unseen,
    );
    const otherTask = await makeTask(owner);
    await expect(startRegradeOf(db, viewer, otherTask, idsOf())).rejects.toMatchObject(unseen);
    await expect(startRegradeOf(db, viewer, 'no-such-task', undefined)).rejects.toMatchObject(unseen);
    await expect(getRegradeOf(db, strangers, regradeId)).rejects.toMatchObject(unseen);
    await expect(listRegradedSubmissionsOf(db, strangers, regradeId, WHOLE)).rejects.toMatchObject(unseen);
    await expect(adoptRegradeOf(db, strangers, regradeId, regradingIds)).rejects.toMatchObject(unseen);
    expect((await listRegradesOf(db, strangers, WHOLE)).items).toEqual([]);
    expect((await outdated(strangers)).map(({ submissionId }) => submissionId)).toEqual([
      theirs.submissionId,
    ]);
  });
});
