import { claimGrading, Database, findGradingLockKey, insertRun, tryLockWork } from '@assay/db';
import { createLogger, Registry } from '@assay/platform';
import { JobProducer } from '@assay/queue';
import {
  createTestDatabase,
  makeMember,
  makeRunningAttempt,
  makeSubmission,
  makeTask,
  type TestDatabase,
  testRedis,
  waitFor,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Sweeper } from './sweeper.js';
import { WorkerMetrics } from './worker-metrics.js';

/** The sweeper as the worker runs it, under the worker's Postgres role; sweeps are called, not waited for. */
describe('the sweeper', () => {
  const { url, prefix } = testRedis();
  let test: TestDatabase;
  let owner: Database;
  let worker: Database;
  let jobs: JobProducer;
  let registry: Registry;
  let sweeper: Sweeper;
  let taskId: string;
  let gradingId: string;

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
    worker = new Database(test.workerUrl);
    jobs = new JobProducer(url, prefix);
    await waitFor('Redis', () => jobs.isReachable());
    registry = new Registry();
    sweeper = new Sweeper(worker, jobs, new WorkerMetrics(registry, worker), createLogger('test', 'error'));
    taskId = await makeTask(owner);
  });
  afterAll(async () => {
    await jobs.close();
    await worker.close();
    await owner.close();
    await test.drop();
  });
  beforeEach(async () => {
    ({ gradingId } = await makeSubmission(owner, await makeMember(owner), taskId));
  });

  const age = () => owner.prisma.$executeRaw`UPDATE grading SET dispatched_at = now() - interval '1 minute'`;
  const waitsAs = (dispatch: number) => jobs.isWaiting('grading.grade', { gradingId, dispatch });

  it('enqueues what the API could not, under a new id, and only after a while', async () => {
    await sweeper.sweepOnce();
    expect([await waitsAs(1), await waitsAs(2)]).toEqual([false, false]);
    await age();
    await sweeper.sweepOnce();
    expect(await waitsAs(2)).toBe(true);
  });

  it('leaves alone what waits its turn in a long queue', async () => {
    await jobs.enqueue('grading.grade', { gradingId, dispatch: 1 }, 0);
    await age();
    await sweeper.sweepOnce();
    expect([await waitsAs(1), await waitsAs(2)]).toEqual([true, false]);
  });

  it('enqueues again what lost its worker, but not what a worker holds', async () => {
    const { lockKey } = (await findGradingLockKey(worker, gradingId)) as { lockKey: number };
    const lock = await tryLockWork(worker, 'grading', lockKey);
    await claimGrading(worker, gradingId);
    await age();
    await sweeper.sweepOnce();
    expect(await waitsAs(2)).toBe(false);
    await lock?.release();
    await sweeper.sweepOnce();
    expect(await waitsAs(2)).toBe(true);
  });

  it('enqueues runs again, too', async () => {
    const { attemptId } = await makeRunningAttempt(owner, await makeMember(owner), [taskId]);
    const run = await insertRun(owner, attemptId, taskId);
    await owner.prisma.$executeRaw`UPDATE run SET dispatched_at = now() - interval '1 minute'`;
    await sweeper.sweepOnce();
    expect(await jobs.isWaiting('run.execute', { runId: run.id, dispatch: 2 })).toBe(true);
  });

  it('submits and enqueues what was saved of an attempt whose time is over', async () => {
    const { attemptId } = await makeRunningAttempt(owner, await makeMember(owner), [taskId]);
    await owner.prisma.$executeRaw`
      UPDATE attempt SET closes_at = now() - interval '1 second' WHERE id = ${attemptId}::uuid`;
    await sweeper.sweepOnce();
    const grading = await owner.prisma.grading.findFirstOrThrow({ where: { submission: { attemptId } } });
    expect(await jobs.isWaiting('grading.grade', { gradingId: grading.id, dispatch: 1 })).toBe(true);
  });
});
