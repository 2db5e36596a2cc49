import { RECRUITER_API } from '@assay/contracts/http';
import { type Config, createApi, type Logger } from '@assay/platform';
import { CommittedWork, JobProducer } from '@assay/queue';
import { AssessmentsController } from './assessments.controller.js';
import { AttemptSupportController } from './attempt-support.controller.js';
import { CandidaciesController } from './candidacies.controller.js';
import { ContentController } from './content.controller.js';
import { GradingQueueController } from './grading-queue.controller.js';
import { InterviewsController } from './interviews.controller.js';
import { InvitationsController } from './invitations.controller.js';
import { queueBoard } from './queue-board.js';
import { RegradesController } from './regrades.controller.js';
import { RolesController } from './roles.controller.js';
import { SessionController } from './session.controller.js';
import { SETUP_ROUTES, serveSetupPage } from './setup-page.js';
import { StaffLogin } from './staff-login.js';
import { SubmissionsController } from './submissions.controller.js';

/** The staff's API. The caller listens and closes. */
export function createRecruiterApi(config: Config, logger: Logger) {
  const jobs = new JobProducer(config.redisUrl, config.queuePrefix);
  const work = new CommittedWork(jobs, (left) => logger.warn(left, 'not enqueued yet'));
  return createApi({
    api: RECRUITER_API,
    ownUrl: config.publicUrl,
    controllers: [
      SessionController,
      RolesController,
      CandidaciesController,
      InvitationsController,
      AssessmentsController,
      SubmissionsController,
      RegradesController,
      GradingQueueController,
      AttemptSupportController,
      ContentController,
      InterviewsController,
    ],
    providers: [
      StaffLogin,
      { provide: CommittedWork, useValue: work },
      { provide: JobProducer, useValue: jobs },
    ],
    queue: jobs,
    pages: [{ access: 'public', routes: SETUP_ROUTES, serve: serveSetupPage }, queueBoard(jobs)],
    config,
    logger,
  });
}
