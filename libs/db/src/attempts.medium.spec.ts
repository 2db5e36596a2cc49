import { AppError } from '@assay/core/error';
import {
  createTestDatabase,
  makeInvitation,
  makeMember,
  makeRunningAttempt,
  makeTask,
  type TestDatabase,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginAttempt } from './attempt-start.js';
import { getAttemptView, recordConsent } from './attempts.js';
import { Database } from './database.js';
import { OpenWorkspace } from './open-workspace.js';
import { claimRun, finishRun, getRunOf, insertRun } from './runs.js';
import { expireAttempts, getSubmissionOf, submitTaskOf } from './submissions.js';
import type { Viewer } from './viewer.js';
import { deleteWorkspaceFile, saveWorkspaceFile } from './workspace-files.js';
import { getTaskView } from './workspaces.js';

/** What became of calls that ran at the same time: values, or codes of refusals. Anything else fails the test. */
async function settle<T>(calls: Promise<T>[]): Promise<(T | string)[]> {
  return Promise.all(
    calls.map((call) =>
      call.catch((error: unknown) => {
        if (error instanceof AppError) return error.code;
        throw error;
      }),
    ),
  );
}

describe('attempts', () => {
  let test: TestDatabase;
  let owner: Database;
  let db: Database;
  let viewer: Viewer;
  let taskIds: string[];

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
    db = new Database(test.apiUrl);
    viewer = await makeMember(owner);
    taskIds = [await makeTask(owner), await makeTask(owner)];
  });
  afterAll(async () => {
    await db.close();
    await owner.close();
    await test.drop();
  });

  const endTime = (attemptId: string) =>
    owner.prisma
      .$executeRaw`UPDATE attempt SET closes_at = now() - interval '1 second' WHERE id = ${attemptId}::uuid`;

  /** As a process does that has just begun: whatever else is open, it has not seen. */
  const save = async (attemptId: string, taskId: string, file: Parameters<typeof saveWorkspaceFile>[1]) =>
    saveWorkspaceFile(await OpenWorkspace.open(db, attemptId, taskId), file);

  it('starts once, whoever presses twice, and pins the newest versions then', async () => {
    const { attemptId } = await makeInvitation(db, viewer, taskIds);
    await expect(beginAttempt(db, attemptId)).rejects.toMatchObject({ code: 'attempt.consent_required' });
    await recordConsent(db, attemptId);
    const [one, two] = await Promise.all([beginAttempt(db, attemptId), beginAttempt(db, attemptId)]);
    expect(one?.closesAt).toBe(two?.closesAt);
    expect(one?.tasks.map(({ taskId }) => taskId)).toEqual(taskIds);
    expect(new Date(String(one?.closesAt)).getTime() - new Date(String(one?.startedAt)).getTime()).toBe(
      3_600_000,
    );
  });

  it('hides the tasks until the clock runs', async () => {
    const { attemptId } = await makeInvitation(db, viewer, taskIds);
    await expect(getTaskView(db, attemptId, String(taskIds[0]))).rejects.toMatchObject({
      code: 'attempt.not_started',
    });
    await expect(submitTaskOf(db, attemptId, String(taskIds[0]))).rejects.toMatchObject({
      code: 'attempt.not_started',
    });
  });

  it('tells the second of two tabs that saved the same revision', async () => {
    const { attemptId } = await makeRunningAttempt(db, viewer, taskIds);
    const saveOne = (content: string) =>
      save(attemptId, String(taskIds[0]), { path: 'server.js', content, baseRevision: 1 });
    const outcomes = await settle([saveOne('left'), saveOne('right')]);
    expect(
      new Set(outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : outcome.revision))),
    ).toEqual(new Set([2, 'file.changed_elsewhere']));
  });

  it('submits one task once, however often it is asked', async () => {
    const { attemptId } = await makeRunningAttempt(db, viewer, taskIds);
    const submit = () => submitTaskOf(db, attemptId, String(taskIds[0]));
    const outcomes = await settle([submit(), submit(), submit()]);
    expect(outcomes.filter((outcome) => outcome === 'submission.final')).toHaveLength(2);
    expect(await db.prisma.grading.count({ where: { submission: { attemptId } } })).toBe(1);
    const late = { path: 'server.js', content: 'late', baseRevision: 1 };
    await expect(save(attemptId, String(taskIds[0]), late)).rejects.toMatchObject({
      code: 'submission.final',
    });
  });

  it('closes with the last task', async () => {
    const { attemptId } = await makeRunningAttempt(db, viewer, taskIds);
    await submitTaskOf(db, attemptId, String(taskIds[0]));
    expect((await getAttemptView(db, attemptId)).state).toBe('running');
    await submitTaskOf(db, attemptId, String(taskIds[1]));
    expect((await getAttemptView(db, attemptId)).state).toBe('closed');
  });

  it('submits at expiry what was saved by then, once, and takes nothing after', async () => {
    const { attemptId } = await makeRunningAttempt(db, viewer, taskIds);
    const [first, second] = [String(taskIds[0]), String(taskIds[1])];
    await save(attemptId, first, { path: 'server.js', content: 'in time', baseRevision: 1 });
    await submitTaskOf(db, attemptId, second);
    await endTime(attemptId);
    const late = { path: 'server.js', content: 'too late', baseRevision: 2 };
    await expect(save(attemptId, first, late)).rejects.toMatchObject({
      code: 'attempt.closed',
    });
    await expect(submitTaskOf(db, attemptId, first)).rejects.toMatchObject({ code: 'attempt.closed' });
    const submitted = (await Promise.all([expireAttempts(db), expireAttempts(db)])).flat();
    const mine = submitted.filter(({ taskId }) => taskId === first || taskId === second);
    expect(mine).toHaveLength(1);
    const view = await getSubmissionOf(db, viewer, String(mine[0]?.submissionId));
    expect(view).toMatchObject({ reason: 'expired', files: [{ path: 'server.js', content: 'in time' }] });
  });

  it('keeps a snapshot apart from later edits', async () => {
    const { attemptId } = await makeRunningAttempt(db, viewer, taskIds);
    const { submissionId } = await submitTaskOf(db, attemptId, String(taskIds[0]));
    await owner.prisma.workspaceFile.updateMany({
      where: { attemptTask: { attemptId } },
      data: { content: 'changed behind our back' },
    });
    const { files } = await getSubmissionOf(db, viewer, submissionId);
    expect(files).toEqual([{ path: 'server.js', content: '// start here' }]);
  });

  it('lets a newer run take the place of an older one, whatever that one still says', async () => {
    const { attemptId } = await makeRunningAttempt(db, viewer, taskIds);
    const older = await insertRun(db, attemptId, String(taskIds[0]));
    expect(await claimRun(db, older.id)).not.toBeNull();
    const newer = await insertRun(db, attemptId, String(taskIds[0]));
    await finishRun(db, older.id, { checks: [], output: 'old' });
    expect((await getRunOf(db, attemptId, older.id)).state).toBe('superseded');
    expect((await getRunOf(db, attemptId, newer.id)).state).toBe('queued');
    const { attemptId: strangersAttempt } = await makeInvitation(db, viewer, taskIds);
    await expect(getRunOf(db, strangersAttempt, newer.id)).rejects.toMatchObject({
      code: 'resource.not_found',
    });
  });

  it('holds at most 100 files, and deleting twice changes nothing', async () => {
    const { attemptId } = await makeRunningAttempt(db, viewer, taskIds);
    const task = String(taskIds[0]);
    const { id } = await db.prisma.attemptTask.findFirstOrThrow({ where: { attemptId, position: 0 } });
    const rows = Array.from({ length: 99 }, (_, i) => ({
      attemptTaskId: id,
      path: `f${i}.js`,
      content: '',
      revision: 1,
    }));
    await db.prisma.workspaceFile.createMany({ data: rows });
    const saveOneMore = () => save(attemptId, task, { path: 'one-more.js', content: '', baseRevision: 0 });
    await expect(saveOneMore()).rejects.toMatchObject({ code: 'file.too_many' });
    await deleteWorkspaceFile(await OpenWorkspace.open(db, attemptId, task), 'f0.js');
    await deleteWorkspaceFile(await OpenWorkspace.open(db, attemptId, task), 'f0.js');
    expect((await saveOneMore()).revision).toBe(1);
  });
});
