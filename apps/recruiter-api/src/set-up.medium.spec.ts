import { createSetupLink } from '@assay/db';
import { makeMember, openTestApi, problemOf, statusesOf, type TestApi } from '@assay/testing';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

const DRAFT = {
  organisation: 'Acme',
  name: 'Olive Owner',
  email: 'Olive@acme.example',
  password: 'a long enough password',
};

describe('the set-up link', () => {
  let api: TestApi | undefined;
  let secret: string;

  const open = async (): Promise<TestApi> => {
    await api?.close();
    api = await openTestApi(createRecruiterApi);
    return api;
  };
  const setUp = (draft: object) => (api as TestApi).anonymous().post('/v1/setup').send(draft);

  beforeEach(async () => {
    const { db } = await open();
    secret = (await createSetupLink(db)) ?? '';
  });
  afterAll(() => api?.close());

  it('makes an organisation and its owner, who is logged in and can log in', async () => {
    const http = (api as TestApi).anonymous();
    const made = await http.post('/v1/setup').send({ ...DRAFT, secret });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      email: 'olive@acme.example',
      access: 'owner',
      organisation: { name: 'Acme' },
    });
    expect((await http.get('/v1/session')).body).toEqual(made.body);
    const { email, password } = DRAFT;
    const logIn = await (api as TestApi).anonymous().post('/v1/session').send({ email, password });
    expect(logIn.status).toBe(200);
  });

  it('works once, also for two who use it at the same time', async () => {
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) => setUp({ ...DRAFT, secret, email: `${name}@acme.example` })),
    );
    expect(statusesOf(answers)).toEqual([201, 410, 410]);
    problemOf(await setUp({ ...DRAFT, secret, email: 'late@acme.example' }), 'setup.link_used');
    expect(await (api as TestApi).db.prisma.organisation.count()).toBe(1);
  });

  it('is not used up by a draft that is refused', async () => {
    const short = problemOf(await setUp({ ...DRAFT, secret, password: 'short' }), 'request.invalid');
    expect(short.errors?.map(({ pointer }) => pointer)).toEqual(['/password']);
    expect((await setUp({ ...DRAFT, secret })).status).toBe(201);
  });

  it('is nothing that can be guessed', async () => {
    problemOf(await setUp({ ...DRAFT, secret: 'x'.repeat(43) }), 'setup.link_used');
  });

  it('is replaced by the next start, and no longer offered once there is an organisation', async () => {
    const { db } = api as TestApi;
    const newer = await createSetupLink(db);
    problemOf(await setUp({ ...DRAFT, secret }), 'setup.link_used');
    expect((await setUp({ ...DRAFT, secret: newer })).status).toBe(201);
    expect(await createSetupLink(db)).toBeNull();
  });

  it('does not take the email of a member', async () => {
    const { db } = api as TestApi;
    const { memberId } = await makeMember(db);
    const { email } = await db.prisma.member.findUniqueOrThrow({ where: { id: memberId } });
    problemOf(await setUp({ ...DRAFT, secret, email }), 'member.email_taken');
    expect((await setUp({ ...DRAFT, secret })).status).toBe(201);
  });

  it('has a page that no other site may frame and that holds no secret', async () => {
    const http = (api as TestApi).anonymous();
    const page = await http.get('/setup');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    for (const path of ['/pages/setup.js', '/pages/style.css', '/docs', '/docs/swagger-ui-bundle.js']) {
      expect((await http.get(path)).status).toBe(200);
    }
    expect((await http.get('/')).headers.location).toBe('/docs');
  });
});
