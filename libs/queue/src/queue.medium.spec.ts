import { openRedisWay, testRedis, waitFor } from '@assay/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { JobConsumer, type JobHandlers } from './job-consumer.js';
import { JobProducer } from './job-producer.js';

const GRADING_ID = '019a0000-0000-7000-8000-000000000001';

describe('the queue', () => {
  const { url, prefix } = testRedis();
  let producer: JobProducer;
  const consumers: JobConsumer[] = [];
  const failed: string[] = [];

  beforeEach(async () => {
    producer = new JobProducer(url, prefix);
    await waitFor('Redis', () => producer.isReachable());
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.close()));
    await producer.close();
    failed.length = 0;
  });

  const consume = (handlers: Partial<JobHandlers>) => {
    const all: JobHandlers = {
      'grading.grade': async () => {},
      'run.execute': async () => {},
      'run.serve': async () => {},
      ...handlers,
    };
    const slots = { grading: 1, run: 1, live: 1 };
    consumers.push(
      new JobConsumer(url, all, {
        slots,
        prefix,
        onError: (job, error) => failed.push(`${job}: ${error.message}`),
      }),
    );
  };

  it('hands a payload to the handler of its name, once for one id', async () => {
    const seen: number[] = [];
    await producer.enqueue('grading.grade', { gradingId: GRADING_ID, dispatch: 1 }, 0);
    await producer.enqueue('grading.grade', { gradingId: GRADING_ID, dispatch: 1 }, 0);
    await producer.enqueue('grading.grade', { gradingId: GRADING_ID, dispatch: 2 }, 0);
    expect(await producer.isWaiting('grading.grade', { gradingId: GRADING_ID, dispatch: 1 })).toBe(true);
    consume({ 'grading.grade': async ({ dispatch }) => void seen.push(dispatch) });
    await waitFor('both jobs', () => seen.length === 2);
    expect(seen).toEqual([1, 2]);
    await waitFor('the job to be gone', async () => {
      return !(await producer.isWaiting('grading.grade', { gradingId: GRADING_ID, dispatch: 1 }));
    });
  });

  it('refuses a payload that does not parse, at both ends, and never tries it again', async () => {
    await expect(producer.enqueue('grading.grade', { gradingId: 'x', dispatch: 1 }, 0)).rejects.toThrow();
    const connection = new Redis(url, { maxRetriesPerRequest: null });
    const queue = new Queue('grading', { connection, prefix });
    await queue.add('grading.grade', { gradingId: 'not an id' }, { attempts: 5, removeOnFail: true });
    await queue.add('nobody.knows', {}, { attempts: 5, removeOnFail: true });
    consume({});
    await waitFor('both to fail', () => failed.length === 2);
    expect(failed.sort()).toEqual([
      'grading.grade: grading.grade: the payload does not parse',
      'nobody.knows: there is no job nobody.knows',
    ]);
    await queue.close();
    connection.disconnect();
  });

  it('does not start without a handler for every job', () => {
    const handlers = { 'grading.grade': async () => {} } as unknown as JobHandlers;
    expect(
      () => new JobConsumer(url, handlers, { slots: { grading: 1, run: 1, live: 1 }, onError: () => {} }),
    ).toThrow(/run\.execute has no handler/);
  });

  it('closes although Redis has gone, once what is under way has ended', async () => {
    const way = await openRedisWay(url);
    let begun = false;
    let hasEnded = false;
    let end = () => {};
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    const consumer = new JobConsumer(
      way.url,
      {
        'grading.grade': async () => {
          begun = true;
          await work;
          hasEnded = true;
        },
        'run.execute': async () => {},
        'run.serve': async () => {},
      },
      { slots: { grading: 1, run: 1, live: 1 }, prefix, onError: () => {} },
    );
    await producer.enqueue('grading.grade', { gradingId: GRADING_ID, dispatch: 9 }, 0);
    await waitFor('the job to begin', () => begun);

    way.close();
    const closed = consumer.close();
    end();
    await closed;
    expect(hasEnded).toBe(true);
  });

  it('says at once that Redis is away, instead of holding a request', async () => {
    const away = new JobProducer('redis://127.0.0.1:1', prefix);
    expect(await away.isReachable()).toBe(false);
    await expect(away.enqueue('grading.grade', { gradingId: GRADING_ID, dispatch: 1 }, 0)).rejects.toThrow();
    await away.close();
  });
});
