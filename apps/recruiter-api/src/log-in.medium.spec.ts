import { hashPassword } from '@assay/platform';
import { makeMember, openTestApi, problemOf, type TestApi } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

const PASSWORD = 'correct horse battery staple';

describe('logging in', () => {
  let api: TestApi;
  let passwordHash: string;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    passwordHash = await hashPassword(PASSWORD);
  });
  afterAll(() => api.close());

  /** A member who can log in with PASSWORD. */
  async function makeAccount(): Promise<{ id: string; email: string }> {
    const { memberId } = await makeMember(api.db);
    return api.db.prisma.member.update({
      where: { id: memberId },
      data: { passwordHash },
      select: { id: true, email: true },
    });
  }

  const logIn = (email: string, password: string) =>
    api.anonymous().post('/v1/session').send({ email, password });

  it('tells who is logged in and keeps the session in a cookie that scripts cannot read', async () => {
    const account = await makeAccount();
    const http = api.anonymous();
    const answer = await http.post('/v1/session').send({ email: account.email, password: PASSWORD });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: account.id, email: account.email, access: 'recruiter' });
    expect(answer.text).not.toContain(passwordHash);

    const cookies = answer.get('Set-Cookie') ?? [];
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(
      /^assay_staff=[A-Za-z0-9_-]{43}; Path=\/; Expires=.+; HttpOnly; SameSite=Lax$/,
    );

    const session = await http.get('/v1/session');
    expect(session.body).toMatchObject({ id: account.id });
    expect(session.headers['cache-control']).toBe('no-store');
  });

  it('marks the cookie Secure where Assay is reached over https', async () => {
    const secure = await openTestApi(createRecruiterApi, { publicUrl: 'https://assay.example' });
    try {
      const { http } = await secure.member();
      const answer = await http.delete('/v1/session');
      expect(answer.get('Set-Cookie')?.[0]).toMatch(/; Secure/);
    } finally {
      await secure.close();
    }
  });

  it('keeps only a hash of the session', async () => {
    const { email } = await makeAccount();
    const answer = await logIn(email, PASSWORD);
    const secret = /assay_staff=([^;]+)/.exec(answer.get('Set-Cookie')?.[0] ?? '')?.[1] ?? '';
    const rows = await api.db.prisma.$queryRaw<{ text: string }[]>`SELECT session::text AS text FROM session`;
    expect(secret).toHaveLength(43);
    expect(rows.map(({ text }) => text).join()).not.toContain(secret);
    expect(api.logged()).not.toContain(secret);
  });

  it('takes the email in any case', async () => {
    const { email } = await makeAccount();
    expect((await logIn(email.toUpperCase(), PASSWORD)).status).toBe(200);
  });

  it('gives the same answer to a wrong password and an unknown email', async () => {
    const { email } = await makeAccount();
    const wrongPassword = problemOf(await logIn(email, 'wrong'), 'session.wrong_credentials');
    const unknownEmail = problemOf(await logIn('nobody@acme.example', PASSWORD), 'session.wrong_credentials');
    expect({ ...wrongPassword, requestId: '' }).toEqual({ ...unknownEmail, requestId: '' });
  });

  it('makes an account wait after five failures, even for the right password, and no other account', async () => {
    const [account, other] = [await makeAccount(), await makeAccount()];
    for (let i = 0; i < 5; i++) problemOf(await logIn(account.email, 'wrong'), 'session.wrong_credentials');
    const answer = await logIn(account.email.toUpperCase(), PASSWORD);
    problemOf(answer, 'session.throttled');
    expect(answer.headers['retry-after']).toBe('60');
    expect((await logIn(other.email, PASSWORD)).status).toBe(200);

    await api.db.prisma.loginThrottle.updateMany({ data: { windowEndsAt: new Date(Date.now() - 1_000) } });
    expect((await logIn(account.email, PASSWORD)).status).toBe(200);
  });

  it('counts guesses that come at the same time', async () => {
    const { email } = await makeAccount();
    await Promise.all(Array.from({ length: 5 }, () => logIn(email, 'wrong')));
    problemOf(await logIn(email, PASSWORD), 'session.throttled');
  });

  it('forgets failures at a log-in that succeeds', async () => {
    const { email } = await makeAccount();
    for (let i = 0; i < 4; i++) await logIn(email, 'wrong');
    expect((await logIn(email, PASSWORD)).status).toBe(200);
    problemOf(await logIn(email, 'wrong'), 'session.wrong_credentials');
    expect((await logIn(email, PASSWORD)).status).toBe(200);
  });

  it('revokes the session at log-out, for every copy of its cookie', async () => {
    const { http, cookie } = await api.member();
    const answer = await http.delete('/v1/session');
    expect(answer.status).toBe(204);
    expect(answer.get('Set-Cookie')?.[0]).toMatch(/^assay_staff=; Max-Age=0; Path=\/; /);
    problemOf(await api.withCookie(cookie).get('/v1/session'), 'session.expired');
  });

  it('ends a session when its time is over', async () => {
    const { http, viewer } = await api.member();
    expect((await http.get('/v1/session')).status).toBe(200);
    await api.db.prisma.session.updateMany({
      where: { memberId: viewer.memberId },
      data: { expiresAt: new Date(Date.now() - 1_000) },
    });
    problemOf(await http.get('/v1/session'), 'session.expired');
  });

  it.each([
    ['no cookie', '', 'session.required'],
    ['an empty cookie', 'assay_staff=', 'session.required'],
    ['a made-up cookie', 'assay_staff=made-up', 'session.expired'],
    ['a cookie with odd bytes', 'assay_staff=%00%ff', 'session.expired'],
  ] as const)('asks %s to log in', async (_, cookie, code) => {
    problemOf(await api.anonymous().get('/v1/session').set('cookie', cookie), code);
  });
});

describe('requests from other sites', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
  });
  afterAll(() => api.close());

  const closeSession = async (origin: string | undefined) => {
    const { http } = await api.member();
    const request = http.delete('/v1/session');
    return origin === undefined ? request : request.set('origin', origin);
  };

  it.each([
    'https://evil.example',
    'null',
    'not a url',
    'http://assay.example.evil.example',
    'https://assay.example',
  ])('are refused when they change something: %s', async (origin) => {
    problemOf(await closeSession(origin), 'request.foreign_origin');
  });

  it('cannot log anybody in either', async () => {
    const answer = api.anonymous().post('/v1/session').set('origin', 'https://evil.example');
    problemOf(await answer.send({ email: 'a@b.example', password: 'x' }), 'request.foreign_origin');
  });

  it('may come from the public address, from the address that was called, or from no browser', async () => {
    expect((await closeSession(api.config.publicUrl)).status).toBe(204);
    expect((await closeSession(api.url)).status).toBe(204);
    expect((await closeSession(undefined)).status).toBe(204);
  });

  it('may read, which answers nothing to another site without its own cookie rules', async () => {
    const { http } = await api.member();
    const answer = await http.get('/v1/session').set('origin', 'https://evil.example');
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });
});
