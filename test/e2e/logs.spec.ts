import { randomBytes } from 'node:crypto';
import { createTestDatabase, notesProject, publishNotesTask, waitFor } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppProcess } from './app-process.js';
import { logLines } from './log-lines.js';
import { findPorts, type System, startSystem } from './system.js';

const TASK_ID = 'notes';

/** Each is sent, stored, printed or thrown somewhere below, and must stand in no line of any log. */
const canary = (what: string) => `canary-${what}-${randomBytes(12).toString('hex')}`;
const CANARY = {
  password: canary('password'),
  authorization: canary('authorization'),
  idempotencyKey: canary('key'),
  name: canary('name'),
  email: `${canary('mail')}@mail.example`,
  code: canary('code'),
  output: canary('output'),
  field: canary('field'),
  query: canary('query'),
  cookie: canary('cookie'),
  databasePassword: canary('database'),
  redisPassword: canary('redis'),
  thrown: canary('thrown'),
  configuration: canary('configuration'),
};

/** Prints what it holds, and dies of it. */
const SOLUTION = notesProject(
  `// ${CANARY.code}\nconsole.log('${CANARY.output}');\nthrow new Error('${CANARY.code}');`,
);

const IMPORT_THROWER = `--import=data:text/javascript,${encodeURIComponent(
  `process.on('SIGUSR2', () => {
    const error = new Error('cannot reach postgresql://assay:' + process.env.THROWN + '@db/assay');
    Promise.reject(Object.assign(error, { parameters: [process.env.THROWN] }));
  });`,
)}`;

describe('the logs', () => {
  let system: System;
  /** Secrets that the system itself makes. */
  const made: string[] = [];
  let staffCookie = '';
  let candidateCookie = '';
  const others: AppProcess[] = [];

  beforeAll(async () => {
    system = await startSystem();
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(() => system?.stop());

  async function send(url: string, method: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(url, {
      method,
      headers: {
        cookie: [staffCookie, candidateCookie, `other=${CANARY.cookie}`].filter(Boolean).join('; '),
        authorization: `Bearer ${CANARY.authorization}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const requestId = response.headers.get('x-request-id') ?? '';
    return { status: response.status, requestId, response, text };
  }
  const staffApi = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    send(system.publicUrl + path, method, body, headers);
  const candidateApi = (method: string, path: string, body?: unknown) =>
    send(system.candidateUrl + path, method, body);
  const cookieIn = ({ response }: Awaited<ReturnType<typeof send>>) => {
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    made.push(cookie.split('=')[1] ?? '');
    return cookie;
  };
  const parsed = <T>({ text }: { text: string }) => JSON.parse(text) as T;
  /** Every line of every process so far. */
  const allLogs = () =>
    [system.recruiterApi, system.assessmentApi, system.worker, ...others].map(({ log }) => log).join('\n');
  const linesOf = (app: AppProcess, requestId: string) =>
    waitFor(`the line of ${requestId}`, () => {
      const lines = logLines(app.log).filter((line) => line.requestId === requestId);
      return lines.some(({ msg }) => msg === 'request') ? lines : null;
    });

  /** Breaks the schema as a wrong migration would, so that a request fails in the database. */
  async function withoutColumn<T>(table: string, column: string, work: () => Promise<T>): Promise<T> {
    await system.sql(`ALTER TABLE ${table} RENAME COLUMN ${column} TO gone`);
    return work().finally(() => system.sql(`ALTER TABLE ${table} RENAME COLUMN gone TO ${column}`));
  }

  let submitRequestId = '';
  let submissionId = '';

  it('say one line of every request, with its route and its id, and who sent it only by an id', async () => {
    const { email, password } = system.login;
    made.push(password, email);
    const wrong = await staffApi('POST', '/v1/session', { email, password: CANARY.password });
    expect(wrong.status).toBe(401);
    const right = await staffApi('POST', '/v1/session', { email, password });
    staffCookie = cookieIn(right);
    const role = parsed<{ id: string }>(
      await staffApi('POST', '/v1/roles', {
        title: CANARY.field,
        targetLevel: 'mid',
        competencies: { rest: 3 },
      }),
    );
    const added = await staffApi(
      'POST',
      `/v1/roles/${role.id}/candidacies`,
      { name: CANARY.name, email: CANARY.email },
      { 'idempotency-key': CANARY.idempotencyKey },
    );
    expect(added.status).toBe(201);
    const assessment = parsed<{ id: string }>(
      await staffApi('POST', '/v1/assessments', { name: 'Notes', minutes: 60, taskIds: [TASK_ID] }),
    );
    const invitation = parsed<{ url: string }>(
      await staffApi('POST', `/v1/roles/${role.id}/invitations`, {
        candidacyId: parsed<{ id: string }>(added).id,
        assessmentId: assessment.id,
      }),
    );
    const path = new URL(invitation.url).pathname;
    const secret = path.split('/').at(-1) ?? '';
    made.push(secret);
    const page = await candidateApi('GET', path);
    expect(page.status).toBe(200);
    candidateCookie = cookieIn(await candidateApi('POST', '/v1/session', { secret }));
    await candidateApi('POST', '/v1/attempt/consent', { agreed: true });
    expect((await candidateApi('POST', '/v1/attempt/start')).status).toBe(200);

    const [line, ...more] = await linesOf(system.recruiterApi, added.requestId);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 'info',
      process: 'recruiter-api',
      method: 'POST',
      route: '/v1/roles/:roleId/candidacies',
      status: 201,
      durationMs: expect.any(Number),
      memberId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await linesOf(system.assessmentApi, page.requestId)).toMatchObject([{ route: '/a/:secret' }]);
  });

  it('follow a submission from its request through the worker', async () => {
    for (const { path, content } of SOLUTION) {
      const body = { path, content, baseRevision: 0 };
      await candidateApi('PUT', `/v1/attempt/tasks/${TASK_ID}/file`, body);
    }
    // The starter's server.js is at revision 1.
    const { status } = await candidateApi('PUT', `/v1/attempt/tasks/${TASK_ID}/file`, {
      path: 'server.js',
      content: SOLUTION[1]?.content,
      baseRevision: 1,
    });
    expect(status).toBe(200);
    const run = await candidateApi('POST', `/v1/attempt/tasks/${TASK_ID}/runs`);
    expect(run.status).toBe(202);
    const submitted = await candidateApi('POST', `/v1/attempt/tasks/${TASK_ID}/submission`);
    expect(submitted.status).toBe(201);
    submitRequestId = submitted.requestId;
    submissionId = parsed<{ id: string }>(submitted).id;
    const graded = await waitFor(
      'the grading to be logged',
      () => logLines(system.worker.log).find(({ msg }) => msg === 'graded'),
      50_000,
    );
    const { gradingId } = graded;
    const lines = logLines(system.worker.log).filter((line) => line.gradingId === gradingId);
    expect(lines.map(({ msg }) => msg)).toEqual(['grading started', 'graded']);
    for (const line of lines) {
      expect(line).toMatchObject({
        jobId: `grading-${gradingId}-1`,
        submissionId,
        requestId: submitRequestId,
      });
    }
    const runId = parsed<{ id: string }>(run).id;
    // Runs have slots of their own: the grading may have been quicker.
    const ran = await waitFor('the run to be logged', () =>
      logLines(system.worker.log).find((line) => line.runId === runId),
    );
    expect(ran).toMatchObject({ requestId: run.requestId, jobId: `run-${runId}-1` });
  });

  it('give the whole stack of a failure once, with the lines of the TypeScript source', async () => {
    const body = { path: 'server.js', content: CANARY.code, baseRevision: 2 };
    const failed = await withoutColumn('candidate', 'email', async () => {
      const { items } = await system.staff.listRoles({ query: {} });
      const path = `/v1/roles/${items[0]?.id}/candidacies`;
      return staffApi('POST', path, { name: CANARY.name, email: CANARY.email });
    });
    const alsoFailed = await withoutColumn('attempt', 'closes_at', () =>
      candidateApi('PUT', `/v1/attempt/tasks/${TASK_ID}/file`, body),
    );
    const cases = [
      { app: system.recruiterApi, answer: failed, source: /libs\/db\/src\/candidacies\.ts:\d+:\d+/ },
      { app: system.assessmentApi, answer: alsoFailed, source: /libs\/db\/src\/workspaces\.ts:\d+:\d+/ },
    ];
    for (const { app, answer, source } of cases) {
      expect(answer.status).toBe(500);
      const lines = await linesOf(app, answer.requestId);
      expect(parsed<{ requestId: string }>(answer).requestId).toBe(answer.requestId);
      expect(lines.map(({ msg }) => msg)).toEqual(['unexpected error', 'request']);
      expect(lines[0]?.err?.stack).toMatch(source);
      expect(lines[0]?.err?.stack).not.toMatch(/\/dist\//);
    }
  });

  it('hold no secret after requests that are refused', async () => {
    const answers = [
      await staffApi('POST', '/v1/roles', { title: { [CANARY.field]: CANARY.field }, [CANARY.field]: 1 }),
      await staffApi('POST', '/v1/roles', `{"password":"${CANARY.password}",`),
      await staffApi('POST', '/v1/roles', { title: CANARY.field.repeat(40_000) }),
      await staffApi('GET', `/v1/${CANARY.field}?token=${CANARY.query}`),
      await staffApi('GET', `/v1/roles/%zz${CANARY.field}?token=${CANARY.query}`),
      await candidateApi('GET', `/a/${CANARY.field}?token=${CANARY.query}`),
      await staffApi('POST', '/v1/setup', { secret: CANARY.field, password: CANARY.password }),
      await send(`${system.publicUrl}/v1/session`, 'GET', undefined, {
        cookie: `assay_staff=${CANARY.cookie}`,
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 400, 413, 404, 400, 410, 422, 401]);
  });

  it('hold no password of a service that cannot be reached, and say it with the id of the request', async () => {
    const { recruiterApi } = system;
    await recruiterApi.end('SIGTERM');
    await recruiterApi.start([], { REDIS_URL: `redis://:${CANARY.redisPassword}@127.0.0.1:1` });
    const regrade = await staffApi('POST', `/v1/submissions/${submissionId}/gradings`);
    expect(regrade.status).toBe(202);
    const lines = await linesOf(recruiterApi, regrade.requestId);
    expect(lines.map(({ msg }) => msg)).toEqual(['not enqueued yet', 'request']);

    await recruiterApi.end('SIGTERM');
    for (const url of [
      `postgresql://assay:${CANARY.databasePassword}@127.0.0.1:1/assay`,
      system.ownerUrl.replace(/\/\/.*@/, `//assay:${CANARY.databasePassword}@`),
    ]) {
      await expect(recruiterApi.start([], { DATABASE_URL: url })).rejects.toThrow('did not start');
    }
    expect(logLines(recruiterApi.log).at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'recruiter-api cannot start',
    });
    const wrong = { REDIS_URL: CANARY.configuration, ASSAY_PORT: CANARY.configuration };
    await expect(recruiterApi.start([], wrong)).rejects.toThrow(/REDIS_URL: Invalid URL/);
  });

  it('say why a process crashed, and no more', async () => {
    const { recruiterApi } = system;
    await recruiterApi.start([IMPORT_THROWER], { THROWN: CANARY.thrown });
    expect(await recruiterApi.end('SIGUSR2')).toBe(1);
    expect(logLines(recruiterApi.log).at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'unhandled rejection',
      err: { message: 'cannot reach postgresql://[cut]@db/assay' },
    });
    await recruiterApi.start();
  });

  it('hold the set-up link once, which is how the first owner comes in, and nothing of what is sent through it', async () => {
    const [empty, port] = [await createTestDatabase(), await findPorts()];
    const app = new AppProcess('recruiter-api', {
      env: {
        ASSAY_PORT: String(port),
        ASSAY_HOME: system.home,
        DATABASE_URL: empty.apiUrl,
        REDIS_URL: system.queue.url,
        ASSAY_QUEUE_PREFIX: system.queue.prefix,
      },
      healthUrl: `http://127.0.0.1:${port}/health/ready`,
      metricsUrl: `http://127.0.0.1:${port + 5}/metrics`,
    });
    others.push(app);
    try {
      await app.start();
      const link = await waitFor('the set-up link', () => /setup#([\w-]+)/.exec(app.log)?.[1]);
      const owner = { organisation: 'Canaries', name: CANARY.name, email: CANARY.email };
      const body = { secret: link, ...owner, password: CANARY.password };
      const { status } = await send(`http://127.0.0.1:${port}/v1/setup`, 'POST', body);
      expect(status).toBe(201);
      expect(await app.end('SIGTERM')).toBe(0);
      expect(app.log.split(link)).toHaveLength(2);
    } finally {
      await app.end('SIGKILL');
      await empty.drop();
    }
  });

  it('hold none of the secrets that went through the system', async () => {
    expect(made.every((secret) => secret.length > 8)).toBe(true);
    const log = allLogs();
    for (const secret of [...Object.values(CANARY), ...made]) {
      expect(log.split('\n').filter((line) => line.includes(secret))).toEqual([]);
    }
  });
});
