import { adoptGrading, getSubmission, type InputOf, regradeSubmission } from '@assay/contracts/http';
import { adoptGradingOf, Database, getSubmissionOf, insertGradingAgain } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { CommittedWork } from '@assay/queue';
import { Controller } from '@nestjs/common';

@Controller()
export class SubmissionsController {
  constructor(
    private readonly db: Database,
    private readonly work: CommittedWork,
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
    const { grading, turn } = await insertGradingAgain(this.db, caller, params.submissionId);
    const payload = { gradingId: grading.id, dispatch: 1, requestId };
    await this.work.enqueue('grading.grade', [{ payload, turn }]);
    return grading;
  }

  @Endpoint(adoptGrading)
  adopt({ params }: InputOf<typeof adoptGrading>, { caller }: Call<typeof adoptGrading>) {
    return adoptGradingOf(this.db, caller, params.gradingId);
  }
}
