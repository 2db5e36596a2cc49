import { answerAttemptRequestOf, listAttemptRequestsOf, setAccommodationOf, type Viewer } from '@assay/db';
import {
  type HttpCaller,
  makeMember,
  makeRunningAttempt,
  makeTask,
  openTestApi,
  problemOf,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

describe('what a candidate asks of us', () => {
  let api: TestApi;
  let http: HttpCaller;
  let recruiter: Viewer;
  let attemptId: string;
  let candidacyId: string;
  let taskIds: [string, string];

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    taskIds = [await makeTask(api.db), await makeTask(api.db)];
  });
  beforeEach(async () => {
    recruiter = await makeMember(api.db);
    const attempt = await makeRunningAttempt(api.db, recruiter, taskIds);
    ({ attemptId, candidacyId } = attempt);
    ({ http } = await api.candidate(attempt.secret));
  });
  afterAll(() => api.close());

  const attempt = async () => (await http.get('/v1/attempt')).body;
  const listed = () => listAttemptRequestsOf(api.db, recruiter, { limit: 50 });
  const staffEvents = async () => {
    const rows = await api.db.prisma.event.findMany({ where: { stream: `candidacy:${candidacyId}` } });
    return rows.map(({ payload }) => payload as { type: string });
  };
  const submit = (taskId: string) => http.post(`/v1/attempt/tasks/${taskId}/submission`).expect(201);

  it('is extra time, which one grants by setting it', async () => {
    const ask = () => http.post('/v1/attempt/extra-time-request').send({ text: 'I use a screen reader.' });
    expect((await ask()).body.extraTimeRequest).toEqual({
      state: 'open',
      text: 'I use a screen reader.',
      answer: null,
    });
    problemOf(await ask(), 'attempt.request_open');
    expect((await staffEvents()).map(({ type }) => type)).not.toContain('attempt.extra_time_requested');
    const accommodation = { multiplier: 2, breaks: 0, breakMinutes: 0, relaxedTelemetry: true };
    await setAccommodationOf(api.db, recruiter, attemptId, accommodation);
    expect(await attempt()).toMatchObject({ extraTimeRequest: { state: 'granted' }, accommodation });
  });

  it('is extra time, which one declines with an answer, and which may be asked for again', async () => {
    await http.post('/v1/attempt/extra-time-request').send({ text: 'Please.' }).expect(200);
    const [request] = (await listed()).items;
    const answer = () =>
      answerAttemptRequestOf(api.db, recruiter, String(request?.id), 'The allowance has room.');
    expect(await answer()).toMatchObject({ kind: 'extra_time', state: 'declined', attemptId, candidacyId });
    await expect(answer()).rejects.toMatchObject({ code: 'attempt.request_answered' });
    expect((await attempt()).extraTimeRequest).toMatchObject({
      state: 'declined',
      answer: 'The allowance has room.',
    });
    const again = await http.post('/v1/attempt/extra-time-request').send({ text: 'Pretty please.' });
    expect(again.body.extraTimeRequest).toEqual({ state: 'open', text: 'Pretty please.', answer: null });
  });

  it('is a look at a task that seems wrong, at most ten times an hour', async () => {
    const report = () =>
      http
        .post(`/v1/attempt/tasks/${taskIds[0]}/problem-report`)
        .send({ text: 'The brief contradicts itself.' });
    const { body } = await report();
    expect(await staffEvents()).toContainEqual({
      type: 'attempt.problem_reported',
      attemptId,
      taskId: taskIds[0],
      requestId: body.id,
    });
    for (let i = 1; i < 10; i += 1) expect((await report()).status).toBe(201);
    problemOf(await report(), 'request.rate_limited');
    expect((await listed()).items).toHaveLength(10);
    problemOf(
      await http.post('/v1/attempt/tasks/other/problem-report').send({ text: 'x' }),
      'resource.not_found',
    );
  });

  it('is an appeal after the end, due in seven days', async () => {
    const appeal = () => http.post('/v1/attempt/appeal').send({ text: 'Check three is wrong.' });
    problemOf(await appeal(), 'attempt.not_closed');
    for (const taskId of taskIds) await submit(taskId);
    const { body } = await appeal();
    const { now, appeal: seen } = await attempt();
    expect(seen).toEqual({ state: 'open', text: 'Check three is wrong.', dueAt: body.dueAt, answer: null });
    const days = (Date.parse(body.dueAt) - Date.parse(now)) / 86_400_000;
    expect(days).toBeCloseTo(7, 1);
    problemOf(await appeal(), 'attempt.request_open');
    await answerAttemptRequestOf(api.db, recruiter, body.id, 'You are right: it is graded again.');
    expect((await attempt()).appeal.state).toBe('answered');
  });

  it('is to withdraw: nothing open is submitted, nothing that waits is graded, and staff see it', async () => {
    await submit(taskIds[0]);
    const { body } = await http.post('/v1/attempt/withdrawal');
    expect(body).toMatchObject({ state: 'closed' });
    expect(Date.parse(body.withdrawalFinalAt) - Date.parse(body.withdrawnAt)).toBe(600_000);
    expect(await api.db.prisma.submission.count({ where: { attemptId } })).toBe(1);
    expect(await api.db.prisma.grading.count({ where: { submission: { attemptId } } })).toBe(0);
    expect(await staffEvents()).toContainEqual({ type: 'attempt.withdrawn', attemptId });
    const file = { path: 'server.js', content: 'x', baseRevision: 1 };
    problemOf(await http.put(`/v1/attempt/tasks/${taskIds[1]}/file`).send(file), 'attempt.closed');

    const { body: back } = await http.delete('/v1/attempt/withdrawal').expect(200);
    expect(back).toMatchObject({ state: 'running', withdrawnAt: null, closesAt: body.closesAt });
    const gradings = await api.db.prisma.grading.findMany({ where: { submission: { attemptId } } });
    expect(gradings.map(({ state }) => state)).toEqual(['queued']);
    await http.put(`/v1/attempt/tasks/${taskIds[1]}/file`).send(file).expect(200);
  });

  it('is to withdraw for good, ten minutes later', async () => {
    await http.post('/v1/attempt/withdrawal').expect(200);
    await api.db.prisma.$executeRaw`
      UPDATE attempt SET withdrawn_at = withdrawn_at - interval '10 minutes' WHERE id = ${attemptId}::uuid`;
    problemOf(await http.delete('/v1/attempt/withdrawal'), 'withdrawal.final');
    expect((await attempt()).state).toBe('closed');
  });

  it('is all that is recorded, and nothing of what graders found', async () => {
    const file = { path: 'server.js', content: 'my own code', baseRevision: 1 };
    await http.put(`/v1/attempt/tasks/${taskIds[0]}/file`).send(file);
    await http.post(`/v1/attempt/tasks/${taskIds[0]}/runs`).send({});
    await http.post('/v1/attempt/heartbeat').send({ editsWhileAway: 0 });
    await http.post('/v1/attempt/extra-time-request').send({ text: 'Please.' });
    await submit(taskIds[0]);
    const { body } = await http.get('/v1/attempt/record');
    const snapshot = body.submissions[0].snapshotSha256;
    expect(body.snapshots[snapshot]).toEqual([{ path: 'server.js', content: 'my own code' }]);
    expect(body).toMatchObject({
      attempt: { id: attemptId },
      consent: { text: (await attempt()).consentText },
      requests: [{ kind: 'extra_time', text: 'Please.', state: 'open' }],
      runs: [{ taskId: taskIds[0], kind: 'checks', snapshotSha256: snapshot }],
      lastSeenAt: expect.any(String),
    });
    expect(body.workspaces).toHaveLength(2);
    expect(body.sessions.length).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toMatch(/hidden-|score|tokenHash|memberId/);
  });
});
