import { randomUUID } from 'node:crypto';
import {
  claimGrading,
  Database,
  getAttemptView,
  insertRun,
  queueGrading,
  queuePosition,
  type Viewer,
} from '@assay/db';
import { createLogger, Registry } from '@assay/platform';
import { JobConsumer, type JobHandlers, JobProducer } from '@assay/queue';
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
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Sweeper } from './sweeper.js';
import { WorkerMetrics } from './worker-metrics.js';

const BACKLOG = 1_000;

interface Queued {
  id: string;
  turn: number;
}

/** With a real Redis and one slot; what is worked on is chosen by BullMQ alone. */
describe('a queue that organisations share', () => {
  let test: TestDatabase;
  let owner: Database;
  let redis: { url: string; prefix: string };
  let jobs: JobProducer;
  let consumer: JobConsumer | null;
  let taskId: string;
  /** In the order they were begun. */
  let begun: string[];
  /** Each lets one more job end. */
  let endOne: (() => void)[];
  let isOver: boolean;

  beforeEach(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
    redis = testRedis();
    jobs = new JobProducer(redis.url, redis.prefix);
    await waitFor('Redis', () => jobs.isReachable());
    taskId = await makeTask(owner);
    begun = [];
    endOne = [];
    isOver = false;
    consumer = null;
  });
  afterEach(async () => {
    const closed = consumer?.close();
    isOver = true;
    for (const end of endOne) end();
    await closed;
    await jobs.close();
    await owner.close();
    await test.drop();
  });

  /** Begins each job as a worker would, and ends it when it is told to. */
  function work(): void {
    const grade: JobHandlers['grading.grade'] = async ({ gradingId }) => {
      await claimGrading(owner, gradingId);
      begun.push(gradingId);
      if (isOver) return;
      await new Promise<void>((resolve) => endOne.push(resolve));
      await owner.prisma.grading.update({ where: { id: gradingId }, data: { state: 'completed' } });
    };
    const nothing = async () => undefined;
    consumer = new JobConsumer(
      redis.url,
      { 'grading.grade': grade, 'run.execute': nothing, 'run.serve': nothing },
      { slots: { grading: 1, run: 1, live: 1 }, prefix: redis.prefix, onError: () => undefined },
    );
  }

  const untilBegun = (count: number) => waitFor(`${count} to be begun`, () => begun.length >= count);

  async function next(): Promise<string> {
    const count = begun.length;
    endOne.shift()?.();
    await untilBegun(count + 1);
    return begun[count] ?? '';
  }

  const enqueue = ({ id, turn }: Queued) =>
    jobs.enqueue('grading.grade', { gradingId: id, dispatch: 1 }, turn);

  const versionOf = async (submissionId: string) =>
    (await owner.prisma.submission.findUniqueOrThrow({ where: { id: submissionId } })).taskVersionId;

  /** One more grading of a submission, as after a new version of its task. */
  const regrade = async ({
    submissionId,
    attemptId,
  }: {
    submissionId: string;
    attemptId: string;
  }): Promise<Queued> => {
    const taskVersionId = await versionOf(submissionId);
    const { id, turn } = await owner.transaction((tx) =>
      queueGrading(tx, attemptId, { submissionId, taskVersionId }),
    );
    await enqueue({ id, turn });
    return { id, turn };
  };

  /** A new candidate's submission. */
  const submit = async (viewer: Viewer) => {
    const { gradingId, ...submission } = await makeSubmission(owner, viewer, taskId);
    await enqueue({ id: gradingId, turn: submission.turn });
    return { ...submission, id: gradingId };
  };

  /** Of two candidates; all but a few are written down at once, in the turns that they would get one by one. */
  async function backlogOf(viewer: Viewer, count: number): Promise<string[]> {
    const pair = [await submit(viewer), await submit(viewer)] as const;
    const gradings: Queued[] = [...pair, await regrade(pair[0]), await regrade(pair[1])];
    const taskVersionId = await versionOf(pair[0].submissionId);
    const data = Array.from({ length: count - gradings.length }, (_, i) => ({
      id: randomUUID(),
      taskVersionId,
      submissionId: pair[i % 2 === 0 ? 0 : 1].submissionId,
      turn: gradings.length + i,
    }));
    await owner.prisma.grading.createMany({ data });
    await Promise.all(data.map(enqueue));
    return [...gradings, ...data].map(({ id }) => id);
  }

  it('works on another organisation’s next one after what is running, whatever one has waiting', async () => {
    const [big, small] = [await makeMember(owner), await makeMember(owner)];
    const backlog = await backlogOf(big, BACKLOG);
    work();
    await untilBegun(1);
    for (let i = 0; i < 3; i++) await next();
    const urgent = await submit(small);
    expect(await queuePosition(owner.prisma, 'grading', urgent.id)).toBe(1);
    expect(await next()).toBe(urgent.id);
    expect(await queuePosition(owner.prisma, 'grading', urgent.id)).toBe(0);

    // Whoever has something at work takes turns with those who have more.
    const second = await submit(small);
    const third = await submit(small);
    const order = [await next(), await next(), await next(), await next()];
    expect(order.indexOf(second.id)).toBeLessThanOrEqual(1);
    expect(order.indexOf(third.id)).toBe(order.indexOf(second.id) + 2);
    expect(order.filter((id) => backlog.includes(id))).toHaveLength(2);
  });

  it('works on another candidate’s next one early, whatever one of the same organisation has waiting', async () => {
    const viewer = await makeMember(owner);
    const hog = await submit(viewer);
    for (let i = 0; i < 50; i++) await regrade(hog);
    work();
    await untilBegun(1);
    const other = await submit(viewer);
    expect(await queuePosition(owner.prisma, 'grading', other.id)).toBeLessThanOrEqual(3);
    expect([await next(), await next(), await next()]).toContain(other.id);
  });

  it('does not let newcomers pass those who came before them', async () => {
    await backlogOf(await makeMember(owner), 10);
    work();
    await untilBegun(1);
    const newcomers = [];
    for (let i = 0; i < 3; i++) newcomers.push(await submit(await makeMember(owner)));
    expect([await next(), await next(), await next()]).toEqual(newcomers.map(({ id }) => id));
  });

  it('keeps the turn of what is enqueued again', async () => {
    const viewer = await makeMember(owner);
    const { gradingId: first, attemptId, submissionId } = await makeSubmission(owner, viewer, taskId);
    const last = await regrade({ submissionId, attemptId });
    await owner.prisma
      .$executeRaw`UPDATE grading SET dispatched_at = now() - interval '1 minute' WHERE id = ${last.id}::uuid`;
    const metrics = new WorkerMetrics(new Registry(), owner);
    await new Sweeper(owner, jobs, metrics, createLogger('test', 'error')).sweepOnce();
    await enqueue({ id: first, turn: 0 });
    work();
    await untilBegun(1);
    expect([begun[0], await next()]).toEqual([first, last.id]);
  });

  it('tells candidates how many are before them', async () => {
    const viewer = await makeMember(owner);
    await submit(viewer);
    const mine = await submit(viewer);
    const { tasks } = await getAttemptView(owner, mine.attemptId);
    expect(tasks[0]?.submission?.queuePosition).toBe(2);
    expect(mine.queuePosition).toBe(2);
  });

  it('holds runs of checks and live runs apart', async () => {
    const viewer = await makeMember(owner);
    const queued = [];
    for (const kind of ['checks', 'checks', 'server'] as const) {
      const { attemptId } = await makeRunningAttempt(owner, viewer, [taskId]);
      queued.push(await insertRun(owner, attemptId, taskId, kind));
    }
    expect(queued.map((run) => run.queuePosition)).toEqual([1, 2, 1]);
    expect(queued.map(({ turn }) => turn)).toEqual([0, 1, 0]);
  });
});
