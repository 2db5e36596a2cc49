import { openTestApi, problemOf, type StaffMember, type TestApi } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

const DRAFT = { title: 'Engineer', targetLevel: 'mid', competencies: { rest: 3, sec: 0.5 } };

describe('roles', () => {
  let api: TestApi;
  let recruiter: StaffMember;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    recruiter = await api.member('recruiter');
  });
  afterAll(() => api.close());

  it('are posted, read and closed', async () => {
    const { http } = recruiter;
    const posted = await http.post('/v1/roles').send({ ...DRAFT, title: '  Engineer  ' });
    expect(posted.status).toBe(201);
    expect(posted.body).toMatchObject({ ...DRAFT, description: '', status: 'open', candidacies: 0 });
    expect((await http.get(`/v1/roles/${posted.body.id}`)).body).toEqual(posted.body);

    const closed = await http.post(`/v1/roles/${posted.body.id}/closure`);
    expect(closed.status).toBe(200);
    expect(closed.body).toEqual({ ...posted.body, status: 'closed' });
    expect((await http.post(`/v1/roles/${posted.body.id}/closure`)).body).toEqual(closed.body);
  });

  it('leave out competencies that weigh nothing, and need one that does', async () => {
    const { http } = recruiter;
    const posted = await http.post('/v1/roles').send({ ...DRAFT, competencies: { rest: 1, sql: 0 } });
    expect(posted.body.competencies).toEqual({ rest: 1 });
    for (const competencies of [{}, { rest: 0 }, { rest: 0, sql: 0 }]) {
      problemOf(await http.post('/v1/roles').send({ ...DRAFT, competencies }), 'role.no_weight');
    }
  });

  it.each([
    ['a competency that does not exist', { cooking: 1 }],
    ['a negative weight', { rest: -1 }],
    ['a weight above 10', { rest: 10.1 }],
  ])('refuse %s', async (_, competencies) => {
    const answer = await recruiter.http.post('/v1/roles').send({ ...DRAFT, competencies });
    expect(problemOf(answer, 'request.invalid').errors?.[0]?.pointer).toMatch(/^\/competencies/);
  });

  it('refuse a weight that no number can hold', async () => {
    const body = JSON.stringify({ ...DRAFT, competencies: { rest: 1 } }).replace('"rest":1', '"rest":1e999');
    const answer = recruiter.http.post('/v1/roles').set('content-type', 'application/json').send(body);
    expect(problemOf(await answer, 'request.invalid').errors?.[0]?.pointer).toBe('/competencies/rest');
  });

  it('are listed newest first, page by page, each once although others are posted meanwhile', async () => {
    const { http } = await api.member('recruiter');
    const post = async (title: string) => (await http.post('/v1/roles').send({ ...DRAFT, title })).body.id;
    const ids: string[] = [];
    for (const title of ['a', 'b', 'c', 'd', 'e']) ids.unshift(await post(title));

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await http.get('/v1/roles').query(cursor ? { limit: 2, cursor } : { limit: 2 });
      expect(page.status).toBe(200);
      seen.push(...page.body.items.map(({ id }: { id: string }) => id));
      cursor = page.body.next;
      await post('meanwhile');
    } while (cursor !== null);
    expect(seen).toEqual(ids);
  });

  it('end their list with a page that says so, even a full one', async () => {
    const { http } = await api.member('recruiter');
    expect((await http.get('/v1/roles')).body).toEqual({ items: [], next: null });
    for (const title of ['a', 'b']) await http.post('/v1/roles').send({ ...DRAFT, title });
    const full = await http.get('/v1/roles').query({ limit: 2 });
    expect(full.body.items).toHaveLength(2);
    expect(full.body.next).toBeNull();
  });

  it('are not found under an id of nobody', async () => {
    problemOf(await recruiter.http.get(`/v1/roles/${recruiter.viewer.memberId}`), 'resource.not_found');
  });
});

describe('assessments', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
  });
  afterAll(() => api.close());

  it('name published tasks only', async () => {
    const { http } = await api.member('recruiter');
    const draft = { name: 'Books', minutes: 60, taskIds: ['no-such-task'] };
    const problem = problemOf(await http.post('/v1/assessments').send(draft), 'task.unknown');
    expect(problem.detail).toContain('no-such-task');
    expect((await http.get('/v1/assessments')).body).toEqual({ items: [], next: null });
  });

  it('hold each task once', async () => {
    const { http } = await api.member('recruiter');
    const answer = await http
      .post('/v1/assessments')
      .send({ name: 'Books', minutes: 60, taskIds: ['a', 'a'] });
    expect(problemOf(answer, 'request.invalid').errors).toEqual([
      expect.objectContaining({ pointer: '/taskIds' }),
    ]);
  });
});
