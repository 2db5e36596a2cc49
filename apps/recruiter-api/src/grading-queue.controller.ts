import {
  getGradingQueue,
  type InputOf,
  listGradingsNeedingAttention,
  retryGrading,
} from '@assay/contracts/http';
import { Database, listGradingsNeedingAttentionOf, readGradingQueue, retryGradingOf } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';
import { QueuedGradings } from './queued-gradings.js';

@Controller()
export class GradingQueueController {
  constructor(
    private readonly db: Database,
    private readonly queued: QueuedGradings,
  ) {}

  @Endpoint(getGradingQueue)
  load() {
    return readGradingQueue(this.db);
  }

  @Endpoint(listGradingsNeedingAttention)
  needingAttention(
    { query }: InputOf<typeof listGradingsNeedingAttention>,
    { caller }: Call<typeof listGradingsNeedingAttention>,
  ) {
    return listGradingsNeedingAttentionOf(this.db, caller, query);
  }

  @Endpoint(retryGrading)
  async retry({ params }: InputOf<typeof retryGrading>, { caller, requestId }: Call<typeof retryGrading>) {
    const { gradingId } = params;
    const { grading, dispatch } = await retryGradingOf(this.db, caller, gradingId);
    await this.queued.enqueue([{ gradingId, dispatch, requestId }]);
    return grading;
  }
}
