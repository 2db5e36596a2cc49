import { setTimeout as delay } from 'node:timers/promises';
import { JOBS, type JobName, type JobPayload } from '@assay/contracts/jobs';
import { UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { connectRedis } from './redis.js';

/** One handler for each job of the catalogue: one too few or too many does not type-check. */
export type JobHandlers = { [N in JobName]: (payload: JobPayload<N>, jobId: string) => Promise<void> };

export interface ConsumerOptions {
  /** Jobs at once, by queue. */
  slots: Record<(typeof JOBS)[JobName]['queue'], number>;
  prefix?: string;
  /** Called for a job whose handler threw. */
  onError: (job: string, error: Error, jobId: string | undefined) => void;
}

/** What BullMQ gets for its own goodbyes once no job is under way. */
const CLOSE_WITHIN_MS = 3_000;

/** Takes jobs from every queue of the catalogue. Start-up fails when a job has no handler. */
export class JobConsumer {
  private readonly workers: Worker[];
  private readonly connections: Redis[] = [];
  private readonly underWay = new Set<Promise<void>>();

  constructor(url: string, handlers: JobHandlers, { slots, prefix = 'assay', onError }: ConsumerOptions) {
    for (const name of Object.keys(JOBS)) {
      if (!(name in handlers)) throw new Error(`the job ${name} has no handler`);
    }
    this.workers = Object.entries(slots).map(([queue, concurrency]) => {
      const connection = connectRedis(url);
      this.connections.push(connection);
      const worker = new Worker(
        queue,
        (job) => this.track(handle(handlers, job.name, job.data, job.id ?? '')),
        {
          connection,
          prefix,
          concurrency,
        },
      );
      worker.on('failed', (job, error) => onError(job?.name ?? queue, error, job?.id));
      worker.on('error', () => undefined);
      return worker;
    });
  }

  private track(job: Promise<void>): Promise<void> {
    const tracked = job.finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
    return tracked;
  }

  /**
   * Takes no new jobs, then waits for those under way. Not for longer than a moment after them: BullMQ's own closing hangs
   * while its blocking connection reconnects, and what it would still tell Redis is found out by redelivery.
   */
  async close(): Promise<void> {
    const closed = Promise.allSettled(this.workers.map((worker) => worker.close()));
    const idle = async () => {
      while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
      await delay(CLOSE_WITHIN_MS, undefined, { ref: false });
    };
    await Promise.race([closed, idle()]);
    for (const connection of this.connections) connection.disconnect();
  }
}

async function handle(handlers: JobHandlers, name: string, data: unknown, jobId: string): Promise<void> {
  if (!(name in JOBS)) throw new UnrecoverableError(`there is no job ${name}`);
  const jobName = name as JobName;
  const parsed = JOBS[jobName].payload.safeParse(data);
  if (!parsed.success) throw new UnrecoverableError(`${name}: the payload does not parse`);
  // The handler of this name takes what the schema of this name gives.
  await (handlers[jobName] as (payload: unknown, jobId: string) => Promise<void>)(parsed.data, jobId);
}
