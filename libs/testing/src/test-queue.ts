import { JobProducer } from '@assay/queue';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { waitFor } from './wait-for.js';

/** One system's part of a Redis, to disturb. */
export interface QueueAddress {
  url: string;
  prefix: string;
}

/** Delivers a grading under these further job ids, as a Redis that lost its memory of it would. */
export async function deliverAgain(
  { url, prefix }: QueueAddress,
  gradingId: string,
  dispatches: number[],
): Promise<void> {
  const jobs = new JobProducer(url, prefix);
  try {
    await waitFor('Redis', () => jobs.isReachable());
    for (const dispatch of dispatches) await jobs.enqueue('grading.grade', { gradingId, dispatch }, 0);
  } finally {
    await jobs.close();
  }
}

/** Deletes every key of the prefix; gives how many there were. */
export async function loseQueue({ url, prefix }: QueueAddress): Promise<number> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.del(keys);
    return keys.length;
  } finally {
    redis.disconnect();
  }
}

/** Resolves when no job of the queue waits or is worked on; a job whose worker was killed is worked on for a minute. */
export async function queueIsDrained(
  { url, prefix }: QueueAddress,
  name: string,
  limitMs?: number,
): Promise<void> {
  const redis = new Redis(url);
  const queue = new Queue(name, { connection: redis, prefix });
  try {
    const isDrained = async () => {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
      return Object.values(counts).every((count) => count === 0);
    };
    await waitFor(`the queue ${name} to be drained`, isDrained, limitMs);
  } finally {
    await queue.close();
    redis.disconnect();
  }
}
