import { claimRun, finishRun } from '@assay/db';
import {
  type HttpCaller,
  makeInvitation,
  makeMember,
  makeTask,
  makeTaskVersion,
  openTestApi,
  problemOf,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

const PRACTICE = '/v1/attempt/tasks/practice';

describe('the practice', () => {
  let api: TestApi;
  let http: HttpCaller;
  let attemptId: string;
  let taskId: string;

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    await makeTaskVersion(api.db, 'practice', 1);
    taskId = await makeTask(api.db);
  });
  beforeEach(async () => {
    const invited = await makeInvitation(api.db, await makeMember(api.db), [taskId]);
    attemptId = invited.attemptId;
    ({ http } = await api.candidate(invited.secret));
  });
  afterAll(() => api.close());

  const consent = () => http.post('/v1/attempt/consent').send({ agreed: true });
  const save = (content: string, baseRevision: number) =>
    http.put(`${PRACTICE}/file`).send({ path: 'server.js', content, baseRevision });

  it('shows what is graded, recorded and allowed before consent, and keeps that text', async () => {
    const { body: before } = await http.get('/v1/attempt');
    expect(before).toMatchObject({ state: 'invited', practice: null });
    const { graded, recorded, allowed } = before.rules;
    for (const rules of [graded, recorded, allowed]) expect(rules.length).toBeGreaterThan(2);
    const { body } = await consent();
    expect(body.consentText).toBe([...graded, ...recorded, ...allowed].join(' '));
  });

  it('opens with consent, can be worked on, run and reset, and ends when the clock starts', async () => {
    problemOf(await http.get(PRACTICE), 'attempt.consent_required');
    const { body: consented } = await consent();
    expect(consented).toMatchObject({
      practice: { taskId: 'practice', title: 'A task' },
      tasks: [],
      startedAt: null,
    });
    expect((await http.get(PRACTICE)).body).toMatchObject({ taskId: 'practice', brief: '# Do it' });
    expect((await save('mine', 1)).body.revision).toBe(2);
    for (const kind of ['checks', 'server']) {
      const run = await http.post(`${PRACTICE}/runs`).send({ kind });
      expect(run.body).toMatchObject({ taskId: 'practice', kind, state: 'queued', queuePosition: 1 });
    }
    await http.post(`${PRACTICE}/reset`).expect(204);
    const { body: task } = await http.get(PRACTICE);
    expect(task.files).toEqual([{ path: 'server.js', content: '// start here', revision: 3 }]);
    problemOf(await http.post(`${PRACTICE}/submission`), 'attempt.not_started');

    const run = (await http.post(`${PRACTICE}/runs`).send({ kind: 'server' })).body;
    const { body: started } = await http.post('/v1/attempt/start');
    expect(started.practice).toBeNull();
    for (const answer of [
      await http.get(PRACTICE),
      await save('late', 3),
      await http.post(`${PRACTICE}/runs`).send({}),
      await http.post(`${PRACTICE}/reset`),
      await http.get(`/v1/attempt/runs/${run.id}`),
    ])
      problemOf(answer, 'attempt.practice_over');
    const row = await api.db.prisma.run.findUniqueOrThrow({ where: { id: run.id } });
    expect(row).toMatchObject({ state: 'finished', endedBecause: 'stopped' });
    problemOf(await http.post(`${PRACTICE}/submission`), 'resource.not_found');
  });

  it('is never submitted or graded, and moves no level', async () => {
    await consent();
    await save('mine', 1);
    const { body: run } = await http.post(`${PRACTICE}/runs`).send({ kind: 'checks' });
    await claimRun(api.db, run.id);
    await finishRun(api.db, run.id, { checks: [], output: 'hello' });
    const { body: started } = await http.post('/v1/attempt/start');
    expect(started.tasks.map((task: { taskId: string }) => task.taskId)).toEqual([taskId]);
    await http.post(`/v1/attempt/tasks/${taskId}/submission`).expect(201);
    expect((await http.get('/v1/attempt')).body.state).toBe('closed');
    const submissions = await api.db.prisma.submission.findMany({
      where: { attemptId },
      include: { taskVersion: true },
    });
    expect(submissions.map(({ taskVersion }) => taskVersion.taskId)).toEqual([taskId]);
  });
});
