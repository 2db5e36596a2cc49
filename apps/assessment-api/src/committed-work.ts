import type { JobName, JobPayload } from '@assay/contracts/jobs';
import { LOGGER, type Logger } from '@assay/platform';
import { JobProducer } from '@assay/queue';
import { Inject, Injectable } from '@nestjs/common';

/** Enqueues what has been committed: if Redis is away now, the sweeper does it within seconds. */
@Injectable()
export class CommittedWork {
  constructor(
    private readonly jobs: JobProducer,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async enqueue<N extends JobName>(name: N, payload: JobPayload<N>, turn: number): Promise<void> {
    try {
      await this.jobs.enqueue(name, payload, turn);
    } catch (error) {
      this.logger.warn({ payload, err: error }, `${name} not enqueued yet`);
    }
  }
}
