import { JOBS, type JobName, type JobPayload } from '@assay/contracts/jobs';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { connectRedisForRequests } from './redis.js';

/**
 * States in which a job has yet to reach a worker. Not `active`: a job whose worker was killed stays so until BullMQ
 * calls it stalled, half a minute later.
 */
const WAITING = new Set(['waiting', 'delayed', 'prioritized']);

/** Enqueues jobs of the catalogue. Payloads are parsed before they leave; a job id that is held is not added twice. */
export class JobProducer {
  private readonly redis: Redis;
  private readonly queues = new Map<string, Queue>();

  constructor(
    url: string,
    private readonly prefix = 'assay',
  ) {
    this.redis = connectRedisForRequests(url);
  }

  /** Rejects when Redis cannot be reached; what waits in Postgres is then enqueued by the sweeper. */
  async enqueue<N extends JobName>(name: N, payload: JobPayload<N>): Promise<void> {
    const { jobId, data } = prepare(name, payload);
    await this.queueOf(name).add(name, data, { jobId, removeOnComplete: true, removeOnFail: true });
  }

  /** Whether this very job still waits in Redis for a worker. */
  async isWaiting<N extends JobName>(name: N, payload: JobPayload<N>): Promise<boolean> {
    return WAITING.has(await this.queueOf(name).getJobState(prepare(name, payload).jobId));
  }

  /** Every queue of the catalogue, for the owners' board to read. Throws while Redis is away. */
  allQueues(): Queue[] {
    const names = Object.keys(JOBS) as JobName[];
    return [...new Set(names.map((name) => this.queueOf(name)))];
  }

  async isReachable(): Promise<boolean> {
    return this.redis.ping().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    for (const queue of this.queues.values()) await queue.close();
    this.redis.disconnect();
  }

  /** Throws while Redis is away: BullMQ itself would wait for it, and the request with it. */
  private queueOf(name: JobName): Queue {
    if (this.redis.status !== 'ready') throw new Error(`Redis cannot be reached (${this.redis.status})`);
    const queueName = JOBS[name].queue;
    let queue = this.queues.get(queueName);
    if (!queue) {
      queue = new Queue(queueName, { connection: this.redis, prefix: this.prefix });
      queue.on('error', () => undefined);
      this.queues.set(queueName, queue);
    }
    return queue;
  }
}

function prepare<N extends JobName>(name: N, payload: JobPayload<N>): { jobId: string; data: object } {
  // Each entry's jobId takes what its own schema gives; TypeScript cannot follow that through the union.
  const job = JOBS[name] as unknown as {
    payload: { parse(value: unknown): object };
    jobId(payload: object): string;
  };
  const data = job.payload.parse(payload);
  return { data, jobId: job.jobId(data) };
}
