import { assessmentApi } from '@assay/contracts/http';
import {
  makeGradedSubmission,
  makeMember,
  makeRunningAttempt,
  makeTask,
  openEventStream,
  openTestApi,
  problemOf,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

describe('a candidate', () => {
  let api: TestApi;
  let recruiter: Awaited<ReturnType<typeof makeMember>>;
  let taskId: string;

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    recruiter = await makeMember(api.db);
    taskId = await makeTask(api.db);
  });
  afterAll(() => api.close());

  async function sit() {
    const attempt = await makeRunningAttempt(api.db, recruiter, [taskId]);
    return { ...attempt, ...(await api.candidate(attempt.secret)) };
  }

  it('reaches no run of another attempt', async () => {
    const [mine, theirs] = [await sit(), await sit()];
    const run = await theirs.http.post(`/v1/attempt/tasks/${taskId}/runs`);
    expect((await theirs.http.get(`/v1/attempt/runs/${run.body.id}`)).status).toBe(200);
    problemOf(await mine.http.get(`/v1/attempt/runs/${run.body.id}`), 'resource.not_found');
    problemOf(await mine.http.get(`/v1/attempt/runs/${mine.attemptId}`), 'resource.not_found');
  });

  it('works on their own files although another sits the same task', async () => {
    const [mine, theirs] = [await sit(), await sit()];
    const file = { path: 'server.js', content: 'theirs', baseRevision: 1 };
    await theirs.http.put(`/v1/attempt/tasks/${taskId}/file`).send(file);
    await theirs.http.post(`/v1/attempt/tasks/${taskId}/submission`);
    const { body } = await mine.http.get(`/v1/attempt/tasks/${taskId}`);
    expect(body.files).toEqual([{ path: 'server.js', content: '// start here', revision: 1 }]);
    expect((await mine.http.get('/v1/attempt')).body.tasks[0].submission).toBeNull();
  });

  it('is told how far the grading is, and never what the hidden checks found', async () => {
    const graded = await makeGradedSubmission(api.db, recruiter, taskId);
    const { http, cookie } = await api.candidate(graded.secret);
    const stream = await openEventStream(`${api.url}/v1/attempt/events`, { cookie });
    const events = await stream.take(5);
    stream.leave();
    expect(events.map(({ event }) => event.type)).toEqual([
      'attempt.started',
      'submission.received',
      'attempt.closed',
      'grading.started',
      'grading.completed',
    ]);
    expect(events.at(-1)?.event).toEqual({ type: 'grading.completed', submissionId: graded.submissionId });
    const attempt = await http.get('/v1/attempt');
    expect(attempt.body.tasks[0].submission).toMatchObject({ state: 'graded' });
    const task = await http.get(`/v1/attempt/tasks/${taskId}`);
    const told = JSON.stringify([events, attempt.body, task.body]);
    expect(told).not.toMatch(/hidden-|score|level_|below_junior|printed by|probabilit|candidacy/i);
  });

  it('needs a session for every operation that is not public', async () => {
    const open = Object.entries(assessmentApi).filter(([, { access }]) => access !== 'candidate');
    expect(open.map(([name]) => name).sort()).toEqual(['acceptInvitation', 'getLiveness', 'getReadiness']);
    const { attemptId } = await sit();
    for (const endpoint of Object.values(assessmentApi)) {
      if (endpoint.access !== 'candidate') continue;
      const path = endpoint.path.replace(':taskId', taskId).replace(':runId', attemptId);
      const http = api.anonymous();
      const send = { GET: http.get, POST: http.post, PUT: http.put, DELETE: http.delete }[endpoint.method];
      problemOf(await send.call(http, path), 'session.required');
    }
  });

  it('is not a member, and no member is a candidate', async () => {
    const { http: staff, cookie } = await api.member('owner');
    problemOf(await staff.get('/v1/attempt'), 'session.required');
    const renamed = cookie.replace('assay_staff', 'assay_candidate');
    problemOf(await api.withCookie(renamed).get('/v1/attempt'), 'session.expired');
  });

  it('loses the session with the invitation', async () => {
    const { http, attemptId } = await sit();
    await api.db.prisma.session.updateMany({
      where: { invitation: { attemptId } },
      data: { revokedAt: new Date() },
    });
    problemOf(await http.get('/v1/attempt'), 'session.expired');
  });
});
