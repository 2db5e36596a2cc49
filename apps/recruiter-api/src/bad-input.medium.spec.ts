import { type EndpointDefinition, recruiterApi } from '@assay/contracts/http';
import {
  findWrongAnswers,
  makeSubmission,
  makeTask,
  openTestApi,
  problemOf,
  type SampleRequest,
  type StaffMember,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

const writes = Object.entries<EndpointDefinition>(recruiterApi).filter(
  ([, { method }]) => method === 'POST' || method === 'PUT',
);

describe('bad input', () => {
  let api: TestApi;
  let recruiter: StaffMember;
  let samples: Record<string, SampleRequest>;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    recruiter = await api.member('recruiter');
    const ids = await makeSubmission(api.db, recruiter.viewer, await makeTask(api.db));
    const { roleId, candidacyId, assessmentId, submissionId, gradingId } = ids;
    const account = { email: 'olive@acme.example', password: 'a long enough password' };
    samples = {
      setUp: {
        path: '/v1/setup',
        body: { ...account, secret: 'x'.repeat(43), organisation: 'Acme', name: 'Olive' },
      },
      logIn: { path: '/v1/session', body: account },
      createAssessment: { path: '/v1/assessments', body: { name: 'Books', minutes: 60, taskIds: ['t'] } },
      createRole: {
        path: '/v1/roles',
        body: { title: 'Engineer', description: 'Builds.', targetLevel: 'mid', competencies: { rest: 1 } },
      },
      closeRole: { path: `/v1/roles/${roleId}/closure` },
      addCandidate: {
        path: `/v1/roles/${roleId}/candidacies`,
        body: { name: 'Cam', email: 'cam@mail.example' },
      },
      createInvitation: {
        path: `/v1/roles/${roleId}/invitations`,
        body: { candidacyId, assessmentId, expiresInDays: 7 },
      },
      regradeSubmission: { path: `/v1/submissions/${submissionId}/gradings` },
      adoptGrading: { path: `/v1/gradings/${gradingId}/adoption` },
    };
  });
  afterAll(() => api.close());

  it.each(writes)('to %s is answered with a problem that says where it is', async (name, endpoint) => {
    const sample = samples[name];
    if (!sample) throw new Error(`there is no sample for ${name}: add one`);
    expect(await findWrongAnswers(recruiter.http, endpoint, sample)).toEqual([]);
  });

  it('leaves no trace', async () => {
    expect(await api.db.prisma.role.count()).toBe(1);
    expect(await api.db.prisma.candidacy.count()).toBe(1);
    expect(await api.db.prisma.grading.count()).toBe(1);
    expect(await api.db.prisma.idempotentRequest.count()).toBe(0);
    expect(api.logged().includes('unexpected error')).toBe(false);
  });

  it.each([
    ['cursor=abc', '/query/cursor'],
    ['cursor=', '/query/cursor'],
    ['limit=0', '/query/limit'],
    ['limit=101', '/query/limit'],
    ['limit=1.5', '/query/limit'],
    ['limit=ten', '/query/limit'],
    ['limit=1&limit=2', '/query/limit'],
    ['page=2', '/query/page'],
  ])('in the query of a list, %s, is refused', async (query, pointer) => {
    for (const path of [
      '/v1/roles',
      '/v1/assessments',
      `/v1/roles/${recruiter.viewer.memberId}/candidacies`,
    ]) {
      const problem = problemOf(await recruiter.http.get(`${path}?${query}`), 'request.invalid');
      expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
    }
  });

  it.each(['/v1/roles/1', '/v1/candidacies/1', '/v1/candidacies/1/level', '/v1/submissions/%00'])(
    'in the path of a reading route, %s, is refused',
    async (path) => {
      problemOf(await recruiter.http.get(path), 'request.invalid');
    },
  );

  it.each([
    ['GET', '/v1/nothing', 'route.not_found'],
    ['POST', '/v1/nothing', 'route.not_found'],
    ['GET', '/v1/roles/%ED%A0%80', 'request.malformed'],
    ['GET', `/v1/roles/${'x'.repeat(501)}`, 'request.too_large'],
  ] as const)('%s %s has a problem of its own', async (method, path, code) => {
    const { http } = recruiter;
    problemOf(await (method === 'GET' ? http.get(path) : http.post(path)), code);
  });

  it('in a task id that no database can hold is the task that is not published', async () => {
    const body = { name: 'Books', minutes: 60, taskIds: ['\0'] };
    const answer = await recruiter.http.post('/v1/assessments').send(body);
    expect(problemOf(answer, 'request.invalid').errors?.[0]?.pointer).toBe('/taskIds/0');
  });
});
