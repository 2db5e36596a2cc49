import { JobProducer } from '@assay/queue';
import { openTestApi, problemOf, type StaffMember, type TestApi, waitFor } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

const GRADING_ID = '019a0000-0000-7000-8000-000000000002';

describe('the owners’ board of queues', () => {
  let api: TestApi<Awaited<ReturnType<typeof createRecruiterApi>>>;
  let owner: StaffMember;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    owner = await api.member('owner');
    const jobs = api.app.get(JobProducer);
    await waitFor('Redis', () => jobs.isReachable());
    await jobs.enqueue('grading.grade', { gradingId: GRADING_ID, dispatch: 3 }, 0);
  });
  afterAll(() => api.close());

  it('shows what waits, with ids only', async () => {
    const { body } = await owner.http.get('/queues/api/queues?activeQueue=grading&status=latest');
    const queues = body.queues as { name: string; readOnlyMode: boolean; jobs: { data: object }[] }[];
    expect(queues.map(({ name, readOnlyMode }) => [name, readOnlyMode])).toEqual([
      ['grading', true],
      ['run', true],
      ['live', true],
    ]);
    expect(queues[0]?.jobs.map(({ data }) => data)).toEqual([{ gradingId: GRADING_ID, dispatch: 3 }]);
    const { body: one } = await owner.http.get(`/queues/api/queues/grading/grading-${GRADING_ID}-3`);
    expect(one).toMatchObject({ job: { id: `grading-${GRADING_ID}-3` }, status: expect.any(String) });
  });

  it('takes everything from here, under a strict policy', async () => {
    const page = await owner.http.get('/queues/');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const policy = page.headers['content-security-policy'];
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(page.text).not.toMatch(/https?:|<%|<style|style=/);
    const files = [...page.text.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const answer = await owner.http.get(`/queues/${file}`);
      expect([file, answer.status]).toEqual([file, 200]);
      expect(answer.headers['content-type']).toMatch(/javascript|css|svg|png/);
    }
  });

  it('gives no file but its own', async () => {
    for (const path of [
      '../../package.json',
      '..%2f..%2fpackage.json',
      '%2fetc%2fpasswd',
      'js',
      '',
      'js/..%2f..%2findex.ejs',
    ]) {
      const answer = await owner.http.get(`/queues/static/${path}`);
      expect([404, 400]).toContain(answer.status);
    }
  });

  it('changes nothing: there is no route that could', async () => {
    for (const path of [
      `grading/grading-${GRADING_ID}-3/retry`,
      `grading/grading-${GRADING_ID}-3/clean`,
      'grading/retry/failed',
      'grading/empty',
      'grading/obliterate',
      'grading/pause',
      'pause',
    ]) {
      problemOf(await owner.http.put(`/queues/api/queues/${path}`), 'route.not_found');
    }
    problemOf(await owner.http.post('/queues/api/queues/grading/add').send({}), 'route.not_found');
  });

  it('says when it knows no such queue or job', async () => {
    expect((await owner.http.get('/queues/api/queues/nobody/1')).status).toBe(404);
    expect((await owner.http.get('/queues/api/queues/grading/nobody')).status).toBe(404);
  });
});

it('the board says that Redis is away, and nothing worse', async () => {
  const api = await openTestApi(createRecruiterApi, { redisUrl: 'redis://127.0.0.1:1' });
  try {
    const { http } = await api.member('owner');
    expect((await http.get('/queues/')).status).toBe(200);
    problemOf(await http.get('/queues/api/queues'), 'service.unavailable');
  } finally {
    await api.close();
  }
});
