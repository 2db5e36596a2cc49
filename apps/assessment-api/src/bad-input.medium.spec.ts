import { assessmentApi } from '@assay/contracts/http';
import {
  findWrongAnswers,
  type HttpCaller,
  makeMember,
  makeRunningAttempt,
  makeTask,
  openTestApi,
  problemOf,
  type SampleRequest,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

const writes = Object.entries(assessmentApi).filter(
  ([, { method }]) => method === 'POST' || method === 'PUT',
);

describe('bad input', () => {
  let api: TestApi;
  let http: HttpCaller;
  let samples: Record<string, SampleRequest>;

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    const taskId = await makeTask(api.db);
    const { secret } = await makeRunningAttempt(api.db, await makeMember(api.db), [taskId]);
    http = (await api.candidate(secret)).http;
    const task = `/v1/attempt/tasks/${taskId}`;
    samples = {
      acceptInvitation: { path: '/v1/session', body: { secret } },
      giveConsent: { path: '/v1/attempt/consent', body: { agreed: true } },
      startAttempt: { path: '/v1/attempt/start' },
      saveFile: {
        path: `${task}/file`,
        body: { path: 'server.js', content: 'x', baseRevision: 1 },
      },
      startRun: { path: `${task}/runs` },
      submitTask: { path: `${task}/submission` },
    };
  });
  afterAll(() => api.close());

  it.each(writes)('to %s is answered with a problem that says where it is', async (name, endpoint) => {
    const sample = samples[name];
    if (!sample) throw new Error(`there is no sample for ${name}: add one`);
    expect(await findWrongAnswers(http, endpoint, sample)).toEqual([]);
  });

  it('leaves no trace', async () => {
    expect(await api.db.prisma.workspaceFile.findMany()).toEqual([
      expect.objectContaining({ path: 'server.js', revision: 1 }),
    ]);
    expect(await api.db.prisma.run.count()).toBe(0);
    expect(await api.db.prisma.submission.count()).toBe(0);
    expect(await api.db.prisma.idempotentRequest.count()).toBe(0);
    expect(api.logged().includes('unexpected error')).toBe(false);
  });

  it.each([-1, 0.5, 2_000_000_001, '1', null])('as a revision, %p, is refused', async (baseRevision) => {
    const { path, body } = samples.saveFile as SampleRequest;
    const problem = problemOf(await http.put(path).send({ ...body, baseRevision }), 'request.invalid');
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/baseRevision']);
  });

  it.each(['not-a-uuid', '%00', '..%2F..', 'x'.repeat(300)])('as a run, %s, is refused', async (runId) => {
    problemOf(await http.get(`/v1/attempt/runs/${runId}`), 'request.invalid');
  });

  it.each(['', '?path=', '?path=a&path=b', '?path=%00', '?path=../x', '?path=a&more=1'])(
    'in the query of a deletion, %s, is refused',
    async (query) => {
      const { path } = samples.saveFile as SampleRequest;
      problemOf(await http.delete(`${path}${query}`), 'request.invalid');
    },
  );
});
