import { recruiterApi } from '@assay/contracts/http';
import {
  type HttpCaller,
  makeGradedSubmission,
  makeTask,
  openTestApi,
  type StaffMember,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

type Operation = keyof typeof recruiterApi;
type Answers = Partial<Record<Operation, string>>;

/** In this order, since later ones need what earlier ones leave alone. */
const OPERATIONS = [
  'getSession',
  'listTasks',
  'createAssessment',
  'listAssessments',
  'createRole',
  'listRoles',
  'getRole',
  'addCandidate',
  'listCandidacies',
  'getCandidacy',
  'getLevel',
  'streamCandidacy',
  'revokeInvitation',
  'createInvitation',
  'getSubmission',
  'regradeSubmission',
  'adoptGrading',
  'closeRole',
] as const satisfies Operation[];

const PUBLIC: Operation[] = ['getLiveness', 'getReadiness', 'logIn', 'setUp'];

const all = (answer: string): Answers => Object.fromEntries(OPERATIONS.map((name) => [name, answer]));

const FULL_ACCESS: Answers = {
  ...all('200'),
  createAssessment: '201',
  createRole: '201',
  addCandidate: '201',
  createInvitation: '201',
  revokeInvitation: '204',
  regradeSubmission: '202',
};

const denied = (...names: Operation[]): Answers =>
  Object.fromEntries(names.map((name) => [name, 'access.denied']));
const unseen = (...names: Operation[]): Answers =>
  Object.fromEntries(names.map((name) => [name, 'resource.not_found']));

const HIRING_MANAGER: Answers = {
  ...FULL_ACCESS,
  ...denied('createAssessment', 'createRole', 'addCandidate', 'createInvitation', 'revokeInvitation'),
  ...denied('regradeSubmission', 'adoptGrading', 'closeRole'),
};

const OF_THE_ROLE = [
  'getRole',
  'listCandidacies',
  'getCandidacy',
  'getLevel',
  'streamCandidacy',
  'getSubmission',
] as const;

const STRANGER: Answers = {
  ...FULL_ACCESS,
  ...unseen(...OF_THE_ROLE, 'addCandidate', 'createInvitation', 'revokeInvitation'),
  ...unseen('regradeSubmission', 'adoptGrading', 'closeRole'),
};

describe('access', () => {
  let api: TestApi;
  let owner: StaffMember;
  let taskId: string;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    owner = await api.member('owner');
    taskId = await makeTask(api.db);
  });
  afterAll(() => api.close());

  /** A graded submission in a role of the owner's organisation, with this member on the role. */
  async function arrange(memberOnRole?: string) {
    const graded = await makeGradedSubmission(api.db, owner.viewer, taskId);
    const { roleId, attemptId } = graded;
    if (memberOnRole) await api.db.prisma.roleMember.create({ data: { roleId, memberId: memberOnRole } });
    const { id: invitationId } = await api.db.prisma.invitation.findFirstOrThrow({ where: { attemptId } });
    await api.db.prisma.attempt.update({ where: { id: attemptId }, data: { closedAt: null } });
    return { ...graded, invitationId };
  }

  /** What each operation answers, called on what `arrange` made: a status, or a problem's code. */
  async function callAll(http: HttpCaller, ids: Awaited<ReturnType<typeof arrange>>): Promise<Answers> {
    const { roleId, candidacyId, assessmentId, submissionId, gradingId, invitationId } = ids;
    const role = { title: 'Engineer', targetLevel: 'mid', competencies: { rest: 1 } };
    const calls: Record<(typeof OPERATIONS)[number], () => ReturnType<HttpCaller['get']>> = {
      getSession: () => http.get('/v1/session'),
      listTasks: () => http.get('/v1/tasks'),
      createAssessment: () =>
        http.post('/v1/assessments').send({ name: 'Books', minutes: 60, taskIds: [taskId] }),
      listAssessments: () => http.get('/v1/assessments'),
      createRole: () => http.post('/v1/roles').send(role),
      listRoles: () => http.get('/v1/roles'),
      getRole: () => http.get(`/v1/roles/${roleId}`),
      addCandidate: () =>
        http.post(`/v1/roles/${roleId}/candidacies`).send({ name: 'New', email: 'new@mail.example' }),
      listCandidacies: () => http.get(`/v1/roles/${roleId}/candidacies`),
      getCandidacy: () => http.get(`/v1/candidacies/${candidacyId}`),
      getLevel: () => http.get(`/v1/candidacies/${candidacyId}/level`),
      streamCandidacy: () => readHead(http.get(`/v1/candidacies/${candidacyId}/events`)),
      revokeInvitation: () => http.delete(`/v1/invitations/${invitationId}`),
      createInvitation: () =>
        http.post(`/v1/roles/${roleId}/invitations`).send({ candidacyId, assessmentId }),
      getSubmission: () => http.get(`/v1/submissions/${submissionId}`),
      regradeSubmission: () => http.post(`/v1/submissions/${submissionId}/gradings`),
      adoptGrading: () => http.post(`/v1/gradings/${gradingId}/adoption`),
      closeRole: () => http.post(`/v1/roles/${roleId}/closure`),
    };
    const answers: Answers = {};
    for (const name of OPERATIONS) {
      const { status, body } = await calls[name]();
      answers[name] = (body as { code?: string }).code ?? String(status);
    }
    return answers;
  }

  /** A stream has no end: its status is enough, and a problem has one. */
  const readHead = (request: ReturnType<HttpCaller['get']>) =>
    request.buffer(true).parse((response, done) => {
      if (response.headers['content-type']?.startsWith('text/event-stream')) {
        done(null, {});
        return;
      }
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => done(null, JSON.parse(text)));
    });

  it('is asked of every operation that is not public', () => {
    const asked: string[] = [...OPERATIONS, ...PUBLIC, 'logOut'];
    expect(asked.sort()).toEqual(Object.keys(recruiterApi).sort());
    const open = Object.entries(recruiterApi).filter(([, { access }]) => access === 'public');
    expect(open.map(([name]) => name).sort()).toEqual([...PUBLIC].sort());
  });

  it('is none without a session, and none with a candidate’s', async () => {
    const ids = await arrange();
    expect(await callAll(api.anonymous(), ids)).toEqual(all('session.required'));
    const { cookie } = await api.candidate(ids.secret);
    expect(await callAll(api.withCookie(cookie), ids)).toEqual(all('session.required'));
    const renamed = cookie.replace('assay_candidate', 'assay_staff');
    expect(await callAll(api.withCookie(renamed), ids)).toEqual(all('session.expired'));
  });

  it.each(['owner', 'recruiter'] as const)('is full for an %s of the organisation', async (access) => {
    const { http } = await api.member(access, owner.viewer.organisationId);
    expect(await callAll(http, await arrange())).toEqual(FULL_ACCESS);
  });

  it('is reading for a hiring manager, on the roles they are on', async () => {
    const { http, viewer } = await api.member('hiring_manager', owner.viewer.organisationId);
    expect(await callAll(http, await arrange(viewer.memberId))).toEqual(HIRING_MANAGER);
    expect(await callAll(http, await arrange())).toEqual({ ...HIRING_MANAGER, ...unseen(...OF_THE_ROLE) });
    const { body } = await http.get('/v1/roles');
    expect(body.items).toHaveLength(1);
  });

  it('is their own session for an interviewer, even on a role they are on', async () => {
    const { http, viewer } = await api.member('interviewer', owner.viewer.organisationId);
    const answers = await callAll(http, await arrange(viewer.memberId));
    expect(answers).toEqual({ ...all('access.denied'), getSession: '200' });
  });

  it.each(['owner', 'recruiter'] as const)(
    'ends at the organisation for an %s of another',
    async (access) => {
      const { http } = await api.member(access);
      expect(await callAll(http, await arrange())).toEqual(STRANGER);
    },
  );

  it('ends at the organisation for a hiring manager of another, even put on the role by mistake', async () => {
    const { http, viewer } = await api.member('hiring_manager');
    const answers = await callAll(http, await arrange(viewer.memberId));
    expect(answers).toEqual({ ...HIRING_MANAGER, ...unseen(...OF_THE_ROLE) });
  });

  it('shows no list of another organisation', async () => {
    const { roleId } = await arrange();
    const { http } = await api.member('owner');
    for (const path of ['/v1/roles', '/v1/assessments']) {
      expect((await http.get(path)).body).toEqual({ items: [], next: null });
    }
    const text = JSON.stringify((await http.get('/v1/roles?limit=100')).body);
    expect(text).not.toContain(roleId);
  });

  it('follows a change of the member at once', async () => {
    const { http, viewer } = await api.member('recruiter', owner.viewer.organisationId);
    const { roleId } = await arrange();
    expect((await http.get(`/v1/roles/${roleId}`)).status).toBe(200);
    await api.db.prisma.member.update({ where: { id: viewer.memberId }, data: { access: 'interviewer' } });
    expect((await http.get(`/v1/roles/${roleId}`)).body.code).toBe('access.denied');
  });
});
