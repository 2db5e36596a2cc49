import { claimRun, type Database, finishLiveRun, tryLockWork, type WorkLock } from '@assay/db';
import { RunStreams } from '@assay/queue';
import {
  type HttpCaller,
  makeMember,
  makeRunningAttempt,
  makeTask,
  openEventStream,
  openTestApi,
  problemOf,
  type TestApi,
  waitFor,
} from '@assay/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

/** What an API does of a live run; the worker's part is played by the test. */
describe('a live run, as its API sees it', () => {
  let api: TestApi;
  let worker: RunStreams;
  let http: HttpCaller;
  let cookie: string;
  let attemptId: string;
  let task: string;
  let secret: string;
  let lock: WorkLock | null;

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    worker = new RunStreams(api.config.redisUrl, api.config.queuePrefix);
  });
  afterAll(async () => {
    worker.disconnect();
    await api.close();
  });
  beforeEach(async () => {
    const taskId = await makeTask(api.db);
    ({ attemptId, secret } = await makeRunningAttempt(api.db, await makeMember(api.db), [taskId]));
    lock = null;
    task = `/v1/attempt/tasks/${taskId}`;
    ({ http, cookie } = await api.candidate(secret));
  });

  afterEach(() => lock?.release());

  const lockRun = async (db: Database, runId: string) => {
    const { lockKey } = await db.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    return tryLockWork(db, 'run', lockKey);
  };

  const start = async (kind: string): Promise<string> =>
    (await http.post(`${task}/runs`).send({ kind }).expect(202)).body.id;
  const ask = (runId: string) =>
    http.post(`/v1/attempt/runs/${runId}/requests`).send({ method: 'GET', target: '/' });
  const runOf = async (runId: string) => (await http.get(`/v1/attempt/runs/${runId}`)).body;

  /** As if a worker held it. */
  async function goLive(): Promise<string> {
    const runId = await start('server');
    lock = await lockRun(api.db, runId);
    await claimRun(api.db, runId);
    await waitFor('Redis', () =>
      worker.open(runId).then(
        () => true,
        () => false,
      ),
    );
    return runId;
  }

  it('waits for its turn, and says so to whoever asks its server', async () => {
    const runId = await start('server');
    expect(await runOf(runId)).toMatchObject({ kind: 'server', state: 'queued', queuePosition: 1 });
    expect((await ask(runId)).body).toEqual({
      outcome: 'no_answer',
      message: 'Your server has not been started yet: it waits for its turn.',
    });
  });

  it('is told from one of checks, which has no server', async () => {
    const runId = await start('checks');
    problemOf(await ask(runId), 'run.not_live');
    problemOf(await http.delete(`/v1/attempt/runs/${runId}`), 'run.not_live');
    problemOf(await http.get(`/v1/attempt/runs/${runId}/output`), 'run.not_live');
    problemOf(await http.post(`/v1/attempt/runs/${runId}/checks`), 'run.not_live');
    expect((await runOf(runId)).state).toBe('queued');
  });

  it('gives way to any newer run of its task, but not to checks of its own', async () => {
    const runId = await goLive();
    const [first, second] = [
      await http.post(`/v1/attempt/runs/${runId}/checks`),
      await http.post(`/v1/attempt/runs/${runId}/checks`),
    ];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect((await runOf(first.body.id)).state).toBe('superseded');
    expect((await runOf(runId)).state).toBe('running');
    await start('checks');
    expect((await runOf(runId)).state).toBe('superseded');
    expect((await runOf(second.body.id)).state).toBe('superseded');
    problemOf(await http.post(`/v1/attempt/runs/${runId}/checks`), 'run.not_live');
  });

  it('runs its checks on its own files, whatever has been saved since', async () => {
    const runId = await goLive();
    await http
      .put(`${task}/file`)
      .send({ path: 'server.js', content: 'changed', baseRevision: 1 })
      .expect(200);
    const { body } = await http.post(`/v1/attempt/runs/${runId}/checks`);
    const rows = await api.db.prisma.run.findMany({ where: { id: { in: [runId, body.id] } } });
    expect(new Set(rows.map(({ snapshotSha256 }) => snapshotSha256)).size).toBe(1);
  });

  it('ends while somebody waits for its server: they are told why', async () => {
    const runId = await goLive();
    const asked = ask(runId).then(({ body }) => body);
    await waitFor('the request', async () => (await worker.readRequests(runId, '0')).length === 1);
    const end = {
      endedBecause: 'exited',
      message: 'Your server ended with exit code 1.',
      exitCode: 1,
    } as const;
    await finishLiveRun(api.db, runId, end, 'last words');
    await worker.close(runId);
    expect(await asked).toEqual({
      outcome: 'no_answer',
      message: 'Your server ended with exit code 1. Start another run to speak to your server.',
    });
    expect(await runOf(runId)).toMatchObject({
      state: 'finished',
      endedBecause: 'exited',
      exitCode: 1,
      output: 'last words',
      queuePosition: null,
    });
  });

  it('is ours as soon as its worker is gone, although there is no other', async () => {
    const runId = await goLive();
    const asked = ask(runId).then(({ body }) => body);
    await waitFor('the request', async () => (await worker.readRequests(runId, '0')).length === 1);
    await lock?.release();
    lock = null;
    expect(await asked).toEqual({
      outcome: 'no_answer',
      message: 'This run was lost on our side. Nothing that you saved is: run again.',
    });
    expect(await runOf(runId)).toMatchObject({ state: 'failed_by_us', endedBecause: null });
  });

  it('is stopped once, and stays as it has ended', async () => {
    const runId = await goLive();
    for (let i = 0; i < 2; i++) await http.delete(`/v1/attempt/runs/${runId}`).expect(204);
    await finishLiveRun(api.db, runId, 'failed_by_us', 'too late');
    expect(await runOf(runId)).toMatchObject({
      state: 'finished',
      endedBecause: 'stopped',
      output: 'too late',
    });
    const ended = await api.db.prisma.event.count({
      where: { stream: `attempt:${attemptId}`, payload: { path: ['type'], equals: 'run.ended' } },
    });
    expect(ended).toBe(1);
  });

  it('streams what its server writes, and then its end, to one who comes late, too', async () => {
    const runId = await goLive();
    const url = `${api.url}/v1/attempt/runs/${runId}/output`;
    const early = await openEventStream(url, { cookie });
    await worker.tell(runId, 1, { type: 'listening', isUp: true });
    await worker.tell(runId, 2, { type: 'output', text: 'one\n' });
    expect(await early.take(2)).toEqual([
      { sequence: 1, event: { type: 'listening', isUp: true } },
      { sequence: 2, event: { type: 'output', text: 'one\n' } },
    ]);
    expect((await runOf(runId)).output).toBe('one\n');
    await finishLiveRun(api.db, runId, { endedBecause: 'idle', message: 'Nobody asks.' }, 'one\n');
    await worker.close(runId);
    const end = { type: 'ended', state: 'finished', endedBecause: 'idle', message: 'Nobody asks.' };
    expect(await early.next()).toMatchObject({ sequence: 3, event: end });
    await early.ended();
    const late = await openEventStream(url, { cookie, lastEventId: 1 });
    expect((await late.take(2)).map(({ sequence }) => sequence)).toEqual([2, 3]);
    await late.ended();
  });

  it('is ours when Redis cannot be reached', async () => {
    const away = await openTestApi(createAssessmentApi, { redisUrl: 'redis://127.0.0.1:1' });
    try {
      const taskId = await makeTask(away.db);
      const attempt = await makeRunningAttempt(away.db, await makeMember(away.db), [taskId]);
      const caller = (await away.candidate(attempt.secret)).http;
      const run = await caller.post(`/v1/attempt/tasks/${taskId}/runs`).send({ kind: 'server' });
      expect(run.status).toBe(202);
      lock = await lockRun(away.db, run.body.id);
      await claimRun(away.db, run.body.id);
      const request = { method: 'GET', target: '/' };
      const answer = await caller.post(`/v1/attempt/runs/${run.body.id}/requests`).send(request);
      expect(answer.body).toEqual({
        outcome: 'no_answer',
        message: 'This run was lost on our side. Nothing that you saved is: run again.',
      });
      expect((await caller.get(`/v1/attempt/runs/${run.body.id}`)).body).toMatchObject({ output: '' });
      await caller.delete(`/v1/attempt/runs/${run.body.id}`).expect(204);
    } finally {
      await lock?.release();
      lock = null;
      await away.close();
    }
  });
});
