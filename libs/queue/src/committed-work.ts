import type { JobName, JobPayload } from '@assay/contracts/jobs';
import type { JobProducer } from './job-producer.js';

/** Enqueues what is committed as `queued`. If Redis is away now, the sweeper does it within seconds. */
export class CommittedWork {
  /** `onLeft` is told of the first job that is left to the sweeper, and of how many. */
  constructor(
    private readonly jobs: JobProducer,
    private readonly onLeft: (left: { payload: object; err: unknown; count: number }) => void,
  ) {}

  /** Each job with its turn. Never rejects. */
  async enqueue<N extends JobName>(
    name: N,
    queued: readonly { payload: JobPayload<N>; turn: number }[],
  ): Promise<void> {
    const answers = await Promise.allSettled(
      queued.map(({ payload, turn }) => this.jobs.enqueue(name, payload, turn)),
    );
    const left = queued.flatMap(({ payload }, i) => {
      const answer = answers[i];
      return answer?.status === 'rejected' ? [{ payload, err: answer.reason as unknown }] : [];
    });
    const [first] = left;
    if (first) this.onLeft({ ...first, count: left.length });
  }
}
