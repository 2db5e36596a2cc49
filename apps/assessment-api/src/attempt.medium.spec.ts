import type { Viewer } from '@assay/db';
import { makeInvitation, makeMember, makeTask, openTestApi, problemOf, type TestApi } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

describe('an attempt', () => {
  let api: TestApi;
  let recruiter: Viewer;
  let taskIds: string[];

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    recruiter = await makeMember(api.db);
    taskIds = [await makeTask(api.db), await makeTask(api.db)];
  });
  afterAll(() => api.close());

  async function invite() {
    const invited = await makeInvitation(api.db, recruiter, taskIds);
    return { ...invited, http: (await api.candidate(invited.secret)).http };
  }
  const agree = { agreed: true };

  it('starts only after consent, once, with the clock of the database', async () => {
    const { http, attemptId } = await invite();
    problemOf(await http.post('/v1/attempt/start'), 'attempt.consent_required');
    const consented = await http.post('/v1/attempt/consent').send(agree);
    expect(consented.body).toMatchObject({ state: 'consented', startedAt: null });

    const started = await http.post('/v1/attempt/start');
    expect(started.status).toBe(200);
    expect(started.body).toMatchObject({ id: attemptId, state: 'running' });
    expect(started.body.tasks.map(({ taskId }: { taskId: string }) => taskId)).toEqual(taskIds);
    const allowance = Date.parse(started.body.closesAt) - Date.parse(started.body.startedAt);
    expect(allowance).toBe(60 * 60_000);

    const again = await http.post('/v1/attempt/start');
    expect(again.body).toEqual({ ...started.body, now: again.body.now });
  });

  it('starts once when it is started twice at the same time', async () => {
    const { http, attemptId } = await invite();
    await http.post('/v1/attempt/consent').send(agree);
    const answers = await Promise.all(Array.from({ length: 4 }, () => http.post('/v1/attempt/start')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.closesAt)).size).toBe(1);
    expect(await api.db.prisma.attemptTask.count({ where: { attemptId } })).toBe(2);
  });

  it('keeps the text that was agreed to, and takes no half consent', async () => {
    const { http, attemptId } = await invite();
    problemOf(await http.post('/v1/attempt/consent').send({ agreed: false }), 'request.invalid');
    const { body } = await http.post('/v1/attempt/consent').send(agree);
    const row = await api.db.prisma.attempt.findUniqueOrThrow({ where: { id: attemptId } });
    expect(row.consentText).toBe(body.consentText);
    await http.post('/v1/attempt/consent').send(agree);
    const again = await api.db.prisma.attempt.findUniqueOrThrow({ where: { id: attemptId } });
    expect(again.consentedAt).toEqual(row.consentedAt);
  });

  it('hides its tasks until the clock runs', async () => {
    const { http } = await invite();
    await http.post('/v1/attempt/consent').send(agree);
    const [taskId] = taskIds;
    const file = { path: 'server.js', content: '', baseRevision: 0 };
    const calls = [
      http.get(`/v1/attempt/tasks/${taskId}`),
      http.put(`/v1/attempt/tasks/${taskId}/file`).send(file),
      http.delete(`/v1/attempt/tasks/${taskId}/file`).query({ path: 'server.js' }),
      http.post(`/v1/attempt/tasks/${taskId}/runs`),
      http.post(`/v1/attempt/tasks/${taskId}/submission`),
    ];
    for (const call of calls) problemOf(await call, 'attempt.not_started');
    expect((await http.get('/v1/attempt')).text).not.toContain(taskId);

    await http.post('/v1/attempt/start');
    const task = await http.get(`/v1/attempt/tasks/${taskId}`);
    expect(task.body).toMatchObject({
      taskId,
      brief: '# Do it',
      files: [{ path: 'server.js', content: '// start here', revision: 1 }],
      sampleChecks: [{ name: 'answers', impliedBy: 'It answers.' }],
    });
  });

  it('is closed the moment its time is over, whatever is tried', async () => {
    const { http, attemptId } = await invite();
    await http.post('/v1/attempt/consent').send(agree);
    await http.post('/v1/attempt/start');
    await api.db.prisma.attempt.update({
      where: { id: attemptId },
      data: { closesAt: new Date(Date.now() - 1_000) },
    });
    const task = `/v1/attempt/tasks/${taskIds[0]}`;
    const file = { path: 'late.js', content: '', baseRevision: 0 };
    problemOf(await http.put(`${task}/file`).send(file), 'attempt.closed');
    problemOf(await http.delete(`${task}/file`).query({ path: 'server.js' }), 'attempt.closed');
    problemOf(await http.post(`${task}/runs`), 'attempt.closed');
    problemOf(await http.post(`${task}/submission`), 'attempt.closed');
    problemOf(await http.post('/v1/attempt/start'), 'attempt.closed');
    problemOf(await http.post('/v1/attempt/consent').send(agree), 'attempt.closed');
    expect((await http.get('/v1/attempt')).body.state).toBe('closed');
    expect((await http.get(task)).body.files).toHaveLength(1);
  });

  it('closes with its last submission', async () => {
    const { http } = await invite();
    await http.post('/v1/attempt/consent').send(agree);
    await http.post('/v1/attempt/start');
    const states: string[] = [];
    for (const taskId of taskIds) {
      expect((await http.post(`/v1/attempt/tasks/${taskId}/submission`)).status).toBe(201);
      states.push((await http.get('/v1/attempt')).body.state);
    }
    expect(states).toEqual(['running', 'closed']);
    const { body } = await http.get('/v1/attempt');
    const graded = body.tasks.map(({ submission }: { submission: { state: string } }) => submission.state);
    expect(graded).toEqual(['grading', 'grading']);
  });

  it('does not start when a task of it was never published', async () => {
    const { http, assessmentId } = await invite();
    await api.db.prisma.assessmentTask.updateMany({
      where: { assessmentId, position: 1 },
      data: { taskId: 'withdrawn' },
    });
    await http.post('/v1/attempt/consent').send(agree);
    problemOf(await http.post('/v1/attempt/start'), 'task.unknown');
    expect((await http.get('/v1/attempt')).body.state).toBe('consented');
  });
});
