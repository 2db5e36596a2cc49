import { getLiveness, getReadiness, type ReplyOf } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { Database } from '@assay/db';
import { Controller, Inject } from '@nestjs/common';
import { Endpoint } from './endpoint.decorator.js';

/** Nest's token for what tells whether the queue answers. */
export const QUEUE_HEALTH = Symbol('queue health');

export interface QueueHealth {
  isReachable(): Promise<boolean>;
}

/** Live: the process runs. Ready: Postgres answers. Redis may be lost without harm, so it is only reported. */
@Controller()
export class HealthController {
  constructor(
    private readonly db: Database,
    @Inject(QUEUE_HEALTH) private readonly queue: QueueHealth,
  ) {}

  @Endpoint(getLiveness)
  live(): ReplyOf<typeof getLiveness> {
    return { status: 'ok', checks: {} };
  }

  @Endpoint(getReadiness)
  async ready(): Promise<ReplyOf<typeof getReadiness>> {
    const [database, queueAnswers] = await Promise.all([this.db.isReachable(), this.queue.isReachable()]);
    if (!database) throw new AppError('service.unavailable', 'The database does not answer.');
    return {
      status: 'ok',
      checks: { database: 'ok', queue: queueAnswers ? 'ok' : 'unreachable; jobs wait in the database' },
    };
  }
}
