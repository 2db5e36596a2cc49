import {
  type HttpCaller,
  makeInvitation,
  makeTask,
  openTestApi,
  problemOf,
  type StaffMember,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

const ROLE = { title: 'Engineer', targetLevel: 'mid', competencies: { rest: 1 } };

describe('a POST with an Idempotency-Key', () => {
  let api: TestApi;
  let recruiter: StaffMember;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    recruiter = await api.member('recruiter');
  });
  afterAll(() => api.close());

  const postRole = (key: string, body: object = ROLE, http: HttpCaller = recruiter.http) =>
    http.post('/v1/roles').set('idempotency-key', key).send(body);
  const countRoles = () =>
    api.db.prisma.role.count({ where: { organisationId: recruiter.viewer.organisationId } });

  it('is done once and answered the same each time', async () => {
    const before = await countRoles();
    const first = await postRole('once');
    const again = await postRole('once');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await countRoles()).toBe(before + 1);
  });

  it('is the same request however its JSON is written', async () => {
    const first = await postRole('order');
    const { title, ...rest } = ROLE;
    expect((await postRole('order', { ...rest, title: ` ${title} ` })).body).toEqual(first.body);
  });

  it('is refused when the key was used for something else', async () => {
    await postRole('reused');
    problemOf(await postRole('reused', { ...ROLE, title: 'Another' }), 'request.key_reused');
  });

  it('is done once when it comes several times at once', async () => {
    const before = await countRoles();
    const answers = await Promise.all(Array.from({ length: 8 }, () => postRole('parallel')));
    expect(await countRoles()).toBe(before + 1);
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      problemOf(answer, 'request.in_progress');
  });

  it('can be sent again under its key after it was refused', async () => {
    problemOf(await postRole('refused', { ...ROLE, competencies: {} }), 'role.no_weight');
    problemOf(await postRole('refused', { ...ROLE, title: '' }), 'request.invalid');
    expect((await postRole('refused')).status).toBe(201);
  });

  it('shares its key with no other session and no other route', async () => {
    const other = await api.member('recruiter');
    const mine = await postRole('shared');
    const theirs = await postRole('shared', ROLE, other.http);
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
    const candidate = await recruiter.http
      .post(`/v1/roles/${mine.body.id}/candidacies`)
      .set('idempotency-key', 'shared')
      .send({ name: 'Cam', email: 'cam@mail.example' });
    expect(candidate.status).toBe(201);
  });

  it('may have any key, of any length', async () => {
    const keys = ['x'.repeat(5_000), `${'x'.repeat(5_000)}y`, "'; DROP TABLE role; --", '%00'];
    const ids: string[] = [];
    for (const key of keys) ids.push((await postRole(key)).body.id);
    expect(new Set(ids).size).toBe(keys.length);
  });

  it('gives an invitation’s link again, although the database does not hold it', async () => {
    const taskId = await makeTask(api.db);
    const { roleId, candidacyId, assessmentId, attemptId } = await makeInvitation(api.db, recruiter.viewer, [
      taskId,
    ]);
    await api.db.prisma.invitation.updateMany({ where: { attemptId }, data: { revokedAt: new Date() } });
    const invite = () =>
      recruiter.http
        .post(`/v1/roles/${roleId}/invitations`)
        .set('idempotency-key', 'invite')
        .send({ candidacyId, assessmentId });
    const first = await invite();
    expect(first.status).toBe(201);
    expect((await invite()).body).toEqual(first.body);
    const rows = await api.db.prisma.$queryRaw`SELECT r::text FROM idempotent_request r`;
    expect(JSON.stringify(rows)).not.toContain(first.body.url.split('/').at(-1));
  });
});
