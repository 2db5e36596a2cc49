import type { JobPayload } from '@assay/contracts/jobs';
import { LOGGER, type Logger } from '@assay/platform';
import { JobProducer } from '@assay/queue';
import { Inject, Injectable } from '@nestjs/common';

/** Gradings that are committed as `queued`: their jobs. */
@Injectable()
export class QueuedGradings {
  constructor(
    private readonly jobs: JobProducer,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Never rejects: what Redis does not take now, the sweeper enqueues. */
  async enqueue(payloads: JobPayload<'grading.grade'>[]): Promise<void> {
    const answers = await Promise.allSettled(
      payloads.map((payload) => this.jobs.enqueue('grading.grade', payload)),
    );
    const failed = answers.flatMap((answer, i) =>
      answer.status === 'rejected'
        ? [{ gradingId: payloads[i]?.gradingId, err: answer.reason as unknown }]
        : [],
    );
    if (failed.length > 0) this.logger.warn({ ...failed[0], count: failed.length }, 'not enqueued yet');
  }
}
