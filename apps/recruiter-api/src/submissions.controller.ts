import { adoptGrading, getSubmission, type InputOf, regradeSubmission } from '@assay/contracts/http';
import { adoptGradingOf, Database, getSubmissionOf, insertGradingAgain } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';
import { QueuedGradings } from './queued-gradings.js';

@Controller()
export class SubmissionsController {
  constructor(
    private readonly db: Database,
    private readonly queued: QueuedGradings,
  ) {}

  @Endpoint(getSubmission)
  get({ params }: InputOf<typeof getSubmission>, { caller }: Call<typeof getSubmission>) {
    return getSubmissionOf(this.db, caller, params.submissionId);
  }

  @Endpoint(regradeSubmission)
  async regrade(
    { params }: InputOf<typeof regradeSubmission>,
    { caller, requestId }: Call<typeof regradeSubmission>,
  ) {
    const grading = await insertGradingAgain(this.db, caller, params.submissionId);
    await this.queued.enqueue([{ gradingId: grading.id, dispatch: 1, requestId }]);
    return grading;
  }

  @Endpoint(adoptGrading)
  adopt({ params }: InputOf<typeof adoptGrading>, { caller }: Call<typeof adoptGrading>) {
    return adoptGradingOf(this.db, caller, params.gradingId);
  }
}
