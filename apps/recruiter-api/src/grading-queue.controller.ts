import {
  getGradingQueue,
  type InputOf,
  listGradingsNeedingAttention,
  retryGrading,
} from '@assay/contracts/http';
import { Database, listGradingsNeedingAttentionOf, readGradingQueue, retryGradingOf } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { CommittedWork } from '@assay/queue';
import { Controller } from '@nestjs/common';

@Controller()
export class GradingQueueController {
  constructor(
    private readonly db: Database,
    private readonly work: CommittedWork,
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
    const { grading, dispatch, turn } = await retryGradingOf(this.db, caller, gradingId);
    await this.work.enqueue('grading.grade', [{ payload: { gradingId, dispatch, requestId }, turn }]);
    return grading;
  }
}
