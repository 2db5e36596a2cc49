import { ASSESSMENT_API } from '@assay/contracts/http';
import { type Config, createApi, type Logger } from '@assay/platform';
import { JobProducer } from '@assay/queue';
import { AttemptController } from './attempt.controller.js';
import { INVITATION_ROUTES, serveInvitationPages } from './invitation-page.js';
import { WorkspaceController } from './workspace.controller.js';

/** The candidates' API: another origin and other sessions than the staff's. The caller listens and closes. */
export function createAssessmentApi(config: Config, logger: Logger) {
  const jobs = new JobProducer(config.redisUrl, config.queuePrefix);
  return createApi({
    api: ASSESSMENT_API,
    ownUrl: config.candidateUrl,
    controllers: [AttemptController, WorkspaceController],
    providers: [{ provide: JobProducer, useValue: jobs }],
    queue: jobs,
    pages: [{ access: 'public', routes: INVITATION_ROUTES, serve: serveInvitationPages }],
    config,
    logger,
  });
}
