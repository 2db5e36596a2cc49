import { adoptGrading, getSubmission, type InputOf, regradeSubmission } from '@assay/contracts/http';
import { adoptGradingOf, Database, getSubmissionOf, insertRegrade } from '@assay/db';
import { type Call, Endpoint, LOGGER, type Logger } from '@assay/platform';
import { JobProducer } from '@assay/queue';
import { Controller, Inject } from '@nestjs/common';

@Controller()
export class SubmissionsController {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobProducer,
    @Inject(LOGGER) private readonly logger: Logger,
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
    const grading = await insertRegrade(this.db, caller, params.submissionId);
    // Committed: if Redis is away now, the sweeper enqueues it.
    await this.jobs
      .enqueue('grading.grade', { gradingId: grading.id, dispatch: 1, requestId }, grading.turn)
      .catch((error: unknown) => this.logger.warn({ gradingId: grading.id, err: error }, 'not enqueued yet'));
    return grading;
  }

  @Endpoint(adoptGrading)
  adopt({ params }: InputOf<typeof adoptGrading>, { caller }: Call<typeof adoptGrading>) {
    return adoptGradingOf(this.db, caller, params.gradingId);
  }
}
