import { writeZip } from '@assay/archive';
import {
  type HttpCaller,
  makeMember,
  makeRunningAttempt,
  makeTask,
  openTestApi,
  problemOf,
  statusesOf,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { createAssessmentApi } from './assessment-api.js';

describe('a workspace', () => {
  let api: TestApi;
  let recruiter: Awaited<ReturnType<typeof makeMember>>;
  let http: HttpCaller;
  let attemptId: string;
  let task: string;

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    recruiter = await makeMember(api.db);
  });
  afterAll(() => api.close());

  beforeEach(async () => {
    const [taskId, other] = [await makeTask(api.db), await makeTask(api.db)];
    const attempt = await makeRunningAttempt(api.db, recruiter, [taskId, other]);
    attemptId = attempt.attemptId;
    task = `/v1/attempt/tasks/${taskId}`;
    http = (await api.candidate(attempt.secret)).http;
  });

  const save = (path: string, content: string, baseRevision: number) =>
    http.put(`${task}/file`).send({ path, content, baseRevision });
  const files = async (): Promise<{ path: string; content: string; revision: number }[]> =>
    (await http.get(task)).body.files;

  it('keeps files and counts their revisions', async () => {
    const first = await save('src/app.js', 'one', 0);
    expect(first.body).toMatchObject({ path: 'src/app.js', revision: 1 });
    expect((await save('src/app.js', 'zwei ✓', 1)).body.revision).toBe(2);
    expect(await files()).toEqual([
      { path: 'server.js', content: '// start here', revision: 1 },
      { path: 'src/app.js', content: 'zwei ✓', revision: 2 },
    ]);
  });

  it('tells the second of two tabs that the file has changed, and keeps the first one’s work', async () => {
    await save('server.js', 'first tab', 1);
    const problem = problemOf(await save('server.js', 'second tab', 1), 'file.changed_elsewhere');
    expect(problem.detail).toContain('revision 2');
    expect(await files()).toEqual([{ path: 'server.js', content: 'first tab', revision: 2 }]);
    problemOf(await save('server.js', 'as a new file', 0), 'file.changed_elsewhere');
    problemOf(await save('nowhere.js', 'of a file that was deleted', 3), 'file.changed_elsewhere');
  });

  it('takes one of several saves at the same time', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((text) => save('server.js', text, 1)));
    expect(statusesOf(answers)).toEqual([200, 409, 409, 409]);
    const created = await Promise.all(['a', 'b'].map((text) => save('new.js', text, 0)));
    expect(statusesOf(created)).toEqual([200, 409]);
  });

  it('deletes a file; deleting what is not there changes nothing', async () => {
    const remove = () => http.delete(`${task}/file`).query({ path: 'server.js' });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(204);
    expect(await files()).toEqual([]);
    expect((await save('server.js', 'again', 0)).body.revision).toBe(1);
  });

  it('says which Node the task runs on: the one that it chooses, or ours', async () => {
    expect((await http.get(task)).body.limits.nodeVersion).toBe(process.version);
    const taskId = await makeTask(api.db, undefined, { nodeVersion: 'v24.21.0' });
    const { secret } = await makeRunningAttempt(api.db, recruiter, [taskId, await makeTask(api.db)]);
    const candidate = await api.candidate(secret);
    const { body } = await candidate.http.get(`/v1/attempt/tasks/${taskId}`);
    expect(body.limits).toEqual({ memoryMb: 128, cpus: 1, pids: 32, nodeVersion: 'v24.21.0' });
  });

  const upload = (archive: Buffer) => http.put(`${task}/files`).send({ archive: archive.toString('base64') });

  it('is replaced by an archive as a whole, and comes back as one', async () => {
    await save('src/app.js', 'one', 0);
    const project = [
      { path: 'package.json', content: '{}' },
      { path: 'server.js', content: 'uploaded ✓' },
    ];
    const answer = await upload(writeZip(project.map((file) => ({ ...file, path: `project/${file.path}` }))));
    expect(answer.body.files).toEqual([
      { path: 'package.json', revision: 1 },
      { path: 'server.js', revision: 2 },
    ]);
    expect(await files()).toEqual([
      { ...project[0], revision: 1 },
      { ...project[1], revision: 2 },
    ]);
    problemOf(await save('server.js', 'another tab', 1), 'file.changed_elsewhere');
    const download = await http.get(`${task}/files`);
    expect(Buffer.from(download.body.archive, 'base64').equals(writeZip(project))).toBe(true);
  });

  it('stays as it is when an archive cannot be taken, and says all that is to be fixed', async () => {
    const hostile = writeZip([
      { path: '../evil.js', content: 'x' },
      { path: 'a.js', content: 'x'.repeat(300_000) },
    ]);
    const { detail } = problemOf(await upload(hostile), 'archive.refused');
    expect(detail).toContain('"../evil.js" is no path inside a project');
    expect(detail).toContain('"a.js" is larger than 256 KiB.');
    problemOf(await upload(Buffer.from('no archive')), 'archive.refused');
    const many = Array.from({ length: 101 }, (_, i) => ({ path: `f${i}.js`, content: '' }));
    expect(problemOf(await upload(writeZip(many)), 'archive.refused').detail).toContain(
      'more than 100 files',
    );
    expect(await files()).toEqual([{ path: 'server.js', content: '// start here', revision: 1 }]);
  });

  it('takes no archive once it is submitted', async () => {
    await http.post(`${task}/submission`);
    problemOf(await upload(writeZip([{ path: 'server.js', content: 'late' }])), 'submission.final');
    expect(await files()).toEqual([{ path: 'server.js', content: '// start here', revision: 1 }]);
  });

  it('holds a hundred files and no more', async () => {
    const { id } = await api.db.prisma.attemptTask.findFirstOrThrow({ where: { attemptId, position: 0 } });
    await api.db.prisma.workspaceFile.createMany({
      data: Array.from({ length: 98 }, (_, i) => ({
        attemptTaskId: id,
        path: `f${i}.js`,
        content: '',
        revision: 1,
      })),
    });
    const answers = await Promise.all(['a.js', 'b.js', 'c.js'].map((path) => save(path, '', 0)));
    expect(statusesOf(answers)).toEqual([200, 422, 422]);
    for (const answer of answers.filter(({ status }) => status !== 200)) problemOf(answer, 'file.too_many');
    expect((await save('f1.js', 'still saved', 1)).status).toBe(200);
  });

  it.each([
    '../server.js',
    'a/../../b',
    '/etc/passwd',
    'a\\b',
    './a',
    'a//b',
    'a/',
    '',
    'ü.js',
    'a\nb',
    '..',
  ])('has no file named %j', async (path) => {
    const answer = problemOf(await save(path, '', 0), 'request.invalid');
    expect(answer.errors?.every(({ pointer }) => pointer === '/path')).toBe(true);
    problemOf(await http.delete(`${task}/file`).query({ path }), 'request.invalid');
  });

  it('takes files of 256 KiB, whatever the letters', async () => {
    expect((await save('big.txt', 'x'.repeat(256 * 1024), 0)).status).toBe(200);
    problemOf(await save('bigger.txt', 'x'.repeat(256 * 1024 + 1), 0), 'request.invalid');
    expect((await files()).find(({ path }) => path === 'big.txt')?.content).toHaveLength(256 * 1024);
  });

  it('counts what a file takes on a disk, not its letters', async () => {
    problemOf(await save('big.txt', '木'.repeat(100 * 1024), 0), 'request.invalid');
    expect((await save('big.txt', '木'.repeat(85 * 1024), 0)).status).toBe(200);
  });

  it('holds 5 MiB in all its files, however few they are', async () => {
    const { id } = await api.db.prisma.attemptTask.findFirstOrThrow({ where: { attemptId, position: 0 } });
    const content = '木'.repeat(85 * 1024);
    const data = Array.from({ length: 20 }, (_, i) => ({
      attemptTaskId: id,
      path: `f${i}`,
      content,
      revision: 1,
    }));
    await api.db.prisma.workspaceFile.createMany({ data });
    problemOf(await save('one-more.txt', 'x'.repeat(256 * 1024), 0), 'file.no_room');
    expect((await save('f0', 'shorter', 1)).status).toBe(200);
    expect((await save('one-more.txt', 'x'.repeat(200 * 1024), 0)).status).toBe(200);
  });

  it('has no file where a folder is, and no folder where a file is', async () => {
    expect((await save('lib/a.js', '', 0)).status).toBe(200);
    problemOf(await save('lib', '', 0), 'file.path_taken');
    problemOf(await save('server.js/b.js', '', 0), 'file.path_taken');
    expect((await files()).map(({ path }) => path)).toEqual(['lib/a.js', 'server.js']);
  });

  it('runs what is saved; a newer run takes the place of an older one', async () => {
    const first = await http.post(`${task}/runs`);
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({ state: 'queued', checks: [], output: '', finishedAt: null });
    const second = await http.post(`${task}/runs`);
    expect((await http.get(`/v1/attempt/runs/${first.body.id}`)).body.state).toBe('superseded');
    expect((await http.get(`/v1/attempt/runs/${second.body.id}`)).body).toEqual(second.body);
    const waiting = await jobsIn('run');
    expect(waiting).toEqual(
      expect.arrayContaining(
        [first, second].map(({ body, headers }) => ({
          runId: body.id,
          dispatch: 1,
          requestId: headers['x-request-id'],
        })),
      ),
    );
  });

  it('is submitted once and then stays as it was', async () => {
    await save('server.js', 'final', 1);
    const submitted = await http.post(`${task}/submission`);
    expect(submitted.status).toBe(201);
    expect(submitted.body).toMatchObject({ files: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    problemOf(await http.post(`${task}/submission`), 'submission.final');
    problemOf(await save('server.js', 'later', 2), 'submission.final');
    problemOf(await http.delete(`${task}/file`).query({ path: 'server.js' }), 'submission.final');
    problemOf(await http.post(`${task}/runs`), 'submission.final');
    expect(await files()).toEqual([{ path: 'server.js', content: 'final', revision: 2 }]);

    const grading = await api.db.prisma.grading.findFirstOrThrow({
      where: { submissionId: submitted.body.id },
    });
    expect(grading.state).toBe('queued');
    expect(await jobsIn('grading')).toContainEqual({
      gradingId: grading.id,
      dispatch: 1,
      requestId: expect.any(String),
    });
  });

  it('is submitted once from two tabs at the same time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => http.post(`${task}/submission`)));
    expect(statusesOf(answers)).toEqual([201, 409, 409]);
    expect(await api.db.prisma.grading.count({ where: { submission: { attemptId } } })).toBe(1);
  });

  it('belongs to the tasks of the attempt only', async () => {
    const elsewhere = await makeTask(api.db);
    for (const taskId of [elsewhere, 'no-such-task']) {
      problemOf(await http.get(`/v1/attempt/tasks/${taskId}`), 'resource.not_found');
      problemOf(await http.post(`/v1/attempt/tasks/${taskId}/submission`), 'resource.not_found');
    }
    problemOf(await http.get('/v1/attempt/tasks/%00'), 'request.invalid');
  });

  async function jobsIn(name: string): Promise<unknown[]> {
    const connection = new Redis(api.config.redisUrl);
    const queue = new Queue(name, { connection, prefix: api.config.queuePrefix });
    try {
      return (await queue.getJobs(['waiting', 'prioritized', 'delayed'])).map((job) => job.data as unknown);
    } finally {
      await queue.close();
      connection.disconnect();
    }
  }
});
