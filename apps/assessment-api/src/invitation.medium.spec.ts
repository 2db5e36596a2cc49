import type { Viewer } from '@assay/db';
import { makeInvitation, makeMember, makeTask, openTestApi, problemOf, type TestApi } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

describe('an invitation', () => {
  let api: TestApi;
  let recruiter: Viewer;
  let taskId: string;

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    recruiter = await makeMember(api.db);
    taskId = await makeTask(api.db);
  });
  afterAll(() => api.close());

  const invite = () => makeInvitation(api.db, recruiter, [taskId]);
  const exchange = (secret: string) => api.anonymous().post('/v1/session').send({ secret });
  const change = (attemptId: string, data: { expiresAt?: Date; revokedAt?: Date }) =>
    api.db.prisma.invitation.updateMany({ where: { attemptId }, data });
  const secondAgo = () => new Date(Date.now() - 1_000);

  it('opens its page any number of times, which changes nothing and sets no cookie', async () => {
    const { secret, attemptId } = await invite();
    const everything = () =>
      api.db.prisma.attempt.findUnique({
        where: { id: attemptId },
        include: { invitations: { include: { sessions: true } }, tasks: true },
      });
    const before = await everything();
    const nonces = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const page = await api.anonymous().get(`/a/${secret}`);
      expect(page.status).toBe(200);
      expect(page.text).toContain('<div id="app">');
      expect(page.headers).not.toHaveProperty('set-cookie');
      expect(page.headers['referrer-policy']).toBe('no-referrer');
      expect(page.headers['cache-control']).toBe('no-store');
      const policy = page.headers['content-security-policy'];
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; worker-src 'self';/);
      const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy ?? '')?.[1];
      expect(page.text).toContain(`nonce="${nonce}"`);
      nonces.add(nonce ?? '');
      const told = await api.anonymous().post('/v1/invitation').send({ secret });
      expect(told.status).toBe(200);
      expect(told.headers).not.toHaveProperty('set-cookie');
      expect(told.body).toEqual({
        organisation: 'Acme',
        role: expect.any(String),
        minutes: 60,
        tasks: [{ title: expect.any(String), minutes: expect.any(Number) }],
        rules: {
          graded: expect.any(Array),
          recorded: expect.any(Array),
          allowed: expect.any(Array),
        },
        expiresAt: expect.any(String),
      });
    }
    expect(nonces.size).toBe(3);
    expect(await everything()).toEqual(before);
    expect(api.logged()).not.toContain(secret);
  });

  it('is exchanged for a session of its attempt, as often as needed; the clock does not start', async () => {
    const { secret, attemptId } = await invite();
    for (let i = 0; i < 2; i++) {
      const http = api.anonymous();
      const answer = await http.post('/v1/session').send({ secret });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        id: attemptId,
        organisation: 'Acme',
        minutes: 60,
        state: 'invited',
        startedAt: null,
        tasks: [],
      });
      expect(answer.get('Set-Cookie')?.[0]).toMatch(
        /^assay_candidate=[A-Za-z0-9_-]{43}; Path=\/; Expires=.+; HttpOnly; SameSite=Lax$/,
      );
      expect((await http.get('/v1/attempt')).body.id).toBe(attemptId);
    }
  });

  it('is over for good when it was revoked, and gives the same answer as one that never was', async () => {
    const { secret, attemptId } = await invite();
    await change(attemptId, { revokedAt: secondAgo() });
    const revoked = problemOf(await exchange(secret), 'invitation.invalid');
    const unknown = problemOf(await exchange('x'.repeat(43)), 'invitation.invalid');
    expect({ ...revoked, requestId: '' }).toEqual({ ...unknown, requestId: '' });
    const [page, noPage] = [
      await api.anonymous().get(`/a/${secret}`),
      await api.anonymous().get('/a/nothing'),
    ];
    expect([page.status, page.text]).toEqual([410, noPage.text]);
  });

  it('says no more of a link that is over than of one that never was', async () => {
    const { secret, attemptId } = await invite();
    await change(attemptId, { revokedAt: secondAgo() });
    const read = (one: string) => api.anonymous().post('/v1/invitation').send({ secret: one });
    const revoked = problemOf(await read(secret), 'invitation.invalid');
    const unknown = problemOf(await read('x'.repeat(43)), 'invitation.invalid');
    expect({ ...revoked, requestId: '' }).toEqual({ ...unknown, requestId: '' });
  });

  it('is over when its time is, while a session that came from it goes on', async () => {
    const { secret, attemptId } = await invite();
    const { http } = await api.candidate(secret);
    await change(attemptId, { expiresAt: secondAgo() });
    problemOf(await exchange(secret), 'invitation.invalid');
    expect((await api.anonymous().get(`/a/${secret}`)).status).toBe(410);
    expect((await http.get('/v1/attempt')).status).toBe(200);
  });

  it('opens the attempt again after the candidate left', async () => {
    const { secret, attemptId } = await invite();
    const { http, cookie } = await api.candidate(secret);
    expect((await http.delete('/v1/session')).status).toBe(204);
    problemOf(await api.withCookie(cookie).get('/v1/attempt'), 'session.expired');
    expect((await exchange(secret)).body.id).toBe(attemptId);
  });

  it('cannot be exchanged from another site', async () => {
    const { secret } = await invite();
    problemOf(await exchange(secret).set('origin', 'http://assay.example'), 'request.foreign_origin');
    expect((await exchange(secret).set('origin', 'http://candidates.example')).status).toBe(200);
  });

  it('leads to pages without a secret', async () => {
    const http = api.anonymous();
    expect((await http.get('/')).headers.location).toBe('/attempt');
    const pages = ['/attempt', '/attempt/practice', '/attempt/ide', '/attempt/done'];
    for (const path of [...pages, '/pages/style.css', '/docs']) {
      expect((await http.get(path)).status).toBe(200);
    }
  });
});
