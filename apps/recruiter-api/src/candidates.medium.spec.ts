import {
  makeInvitation,
  makeTask,
  openTestApi,
  problemOf,
  type StaffMember,
  statusesOf,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

const ROLE = { title: 'Engineer', targetLevel: 'mid', competencies: { rest: 1 } };

let api: TestApi;
let recruiter: StaffMember;
let taskId: string;

beforeAll(async () => {
  api = await openTestApi(createRecruiterApi);
  recruiter = await api.member('recruiter');
  taskId = await makeTask(api.db);
});
afterAll(() => api.close());

const postRole = async (): Promise<string> => (await recruiter.http.post('/v1/roles').send(ROLE)).body.id;

describe('candidates', () => {
  it('join a role with a small email address and no level yet', async () => {
    const roleId = await postRole();
    const added = await recruiter.http
      .post(`/v1/roles/${roleId}/candidacies`)
      .send({ name: ' Cam Candidate ', email: 'Cam@Mail.Example' });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      roleId,
      level: null,
      candidate: { name: 'Cam Candidate', email: 'cam@mail.example' },
    });
    const list = await recruiter.http.get(`/v1/roles/${roleId}/candidacies`);
    expect(list.body).toEqual({ items: [added.body], next: null });
    const one = await recruiter.http.get(`/v1/candidacies/${added.body.id}`);
    expect(one.body).toEqual({ ...added.body, attempts: [] });
    expect((await recruiter.http.get(`/v1/roles/${roleId}`)).body.candidacies).toBe(1);
    problemOf(await recruiter.http.get(`/v1/candidacies/${added.body.id}/level`), 'resource.not_found');
  });

  it('join a role once, and another role as the same person', async () => {
    const [first, second] = [await postRole(), await postRole()];
    const candidate = { name: 'Kim', email: 'kim@mail.example' };
    const added = await recruiter.http.post(`/v1/roles/${first}/candidacies`).send(candidate);
    const again = recruiter.http.post(`/v1/roles/${first}/candidacies`);
    problemOf(await again.send({ ...candidate, email: 'KIM@mail.example' }), 'candidacy.duplicate');
    const other = await recruiter.http.post(`/v1/roles/${second}/candidacies`).send(candidate);
    expect(other.body.candidate.id).toBe(added.body.candidate.id);
  });

  it('added twice at the same time are added once', async () => {
    const roleId = await postRole();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        recruiter.http
          .post(`/v1/roles/${roleId}/candidacies`)
          .send({ name: 'Lee', email: 'lee@mail.example' }),
      ),
    );
    expect(statusesOf(answers)).toEqual([201, 409, 409, 409]);
  });

  it('join several roles at the same time as one person', async () => {
    const roleIds = await Promise.all(Array.from({ length: 6 }, postRole));
    const candidate = { name: 'Ada', email: 'ada@mail.example' };
    const answers = await Promise.all(
      roleIds.map((roleId) => recruiter.http.post(`/v1/roles/${roleId}/candidacies`).send(candidate)),
    );
    expect(statusesOf(answers)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.candidate.id)).size).toBe(1);
  });

  it('do not join a closed role, nor one that is not there', async () => {
    const roleId = await postRole();
    await recruiter.http.post(`/v1/roles/${roleId}/closure`);
    const candidate = { name: 'Max', email: 'max@mail.example' };
    problemOf(await recruiter.http.post(`/v1/roles/${roleId}/candidacies`).send(candidate), 'role.closed');
    const nowhere = `/v1/roles/${recruiter.viewer.memberId}/candidacies`;
    problemOf(await recruiter.http.post(nowhere).send(candidate), 'resource.not_found');
  });
});

describe('invitations', () => {
  /** A candidate of a new role and an assessment to invite them to. */
  async function arrange() {
    const roleId = await postRole();
    const email = `${roleId}@mail.example`;
    const candidacy = await recruiter.http
      .post(`/v1/roles/${roleId}/candidacies`)
      .send({ name: 'Cam', email });
    const assessment = await recruiter.http
      .post('/v1/assessments')
      .send({ name: 'Books', minutes: 45, taskIds: [taskId] });
    const body = { candidacyId: candidacy.body.id, assessmentId: assessment.body.id };
    return {
      ...body,
      roleId,
      invite: () => recruiter.http.post(`/v1/roles/${roleId}/invitations`).send(body),
    };
  }

  it('give a link to the candidates’ own address, once, and last seven days', async () => {
    const { invite, candidacyId, assessmentId } = await arrange();
    const { status, body } = await invite();
    expect(status).toBe(201);
    expect(body).toMatchObject({ candidacyId, assessmentId });
    expect(body.url).toMatch(/^http:\/\/candidates\.example\/a\/[A-Za-z0-9_-]{43}$/);
    const days = (Date.parse(body.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);
    const secret = body.url.split('/').at(-1);
    const rows = await api.db.prisma.$queryRaw`SELECT i::text FROM invitation i`;
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(api.logged()).not.toContain(secret);
  });

  it('are open once at a time', async () => {
    const { invite, candidacyId } = await arrange();
    const { body: first } = await invite();
    problemOf(await invite(), 'invitation.duplicate');
    expect((await recruiter.http.delete(`/v1/invitations/${first.id}`)).status).toBe(204);
    expect((await recruiter.http.delete(`/v1/invitations/${first.id}`)).status).toBe(204);
    expect((await invite()).status).toBe(201);
    const { body } = await recruiter.http.get(`/v1/candidacies/${candidacyId}`);
    expect(body.attempts).toEqual([expect.objectContaining({ state: 'invited', submissions: [] })]);
  });

  it('can be sent again when they have expired', async () => {
    const { invite } = await arrange();
    const { body } = await invite();
    const expiresAt = new Date(Date.now() - 1_000);
    await api.db.prisma.invitation.update({ where: { id: body.id }, data: { expiresAt } });
    expect((await invite()).status).toBe(201);
  });

  it('end the candidate’s sessions when they are revoked, and only those', async () => {
    const [revoked, kept] = [
      await makeInvitation(api.db, recruiter.viewer, [taskId]),
      await makeInvitation(api.db, recruiter.viewer, [taskId]),
    ];
    const { id } = await api.db.prisma.invitation.findFirstOrThrow({
      where: { attemptId: revoked.attemptId },
    });
    expect((await recruiter.http.delete(`/v1/invitations/${id}`)).status).toBe(204);
    const live = await api.db.prisma.session.findMany({
      where: { realm: 'candidate', revokedAt: null, invitation: { isNot: null } },
      select: { invitation: { select: { attemptId: true } } },
    });
    const attempts = live.map(({ invitation }) => invitation?.attemptId);
    expect(attempts).toContain(kept.attemptId);
    expect(attempts).not.toContain(revoked.attemptId);
  });

  it('are refused for a candidate of another role, another assessment’s organisation, and a closed role', async () => {
    const [one, other] = [await arrange(), await arrange()];
    const stranger = await api.member('recruiter');
    const foreign = await makeInvitation(api.db, stranger.viewer, [taskId]);
    const invite = (roleId: string, body: object) =>
      recruiter.http.post(`/v1/roles/${roleId}/invitations`).send(body);
    const { roleId, candidacyId, assessmentId } = one;
    problemOf(await invite(roleId, { candidacyId: other.candidacyId, assessmentId }), 'resource.not_found');
    problemOf(
      await invite(roleId, { candidacyId, assessmentId: foreign.assessmentId }),
      'resource.not_found',
    );
    await recruiter.http.post(`/v1/roles/${roleId}/closure`);
    problemOf(await one.invite(), 'role.closed');
  });

  it('are refused once the attempt is closed', async () => {
    const { roleId, candidacyId, assessmentId, attemptId } = await makeInvitation(api.db, recruiter.viewer, [
      taskId,
    ]);
    await api.db.prisma.attempt.update({ where: { id: attemptId }, data: { closedAt: new Date() } });
    const answer = recruiter.http.post(`/v1/roles/${roleId}/invitations`);
    problemOf(await answer.send({ candidacyId, assessmentId }), 'attempt.closed');
  });
});
