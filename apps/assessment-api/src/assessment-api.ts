import { ASSESSMENT_API } from '@assay/contracts/http';
import { type Config, createApi, type Logger } from '@assay/platform';
import { CommittedWork, JobProducer, RunStreams } from '@assay/queue';
import { AttemptController } from './attempt.controller.js';
import { FeedbackController } from './feedback.controller.js';
import { INVITATION_ROUTES, serveInvitationPages } from './invitation-page.js';
import { LiveRuns } from './live-runs.js';
import { RunController } from './run.controller.js';
import { WorkspaceController } from './workspace.controller.js';

/** The candidates' API: another origin and other sessions than the staff's. The caller listens and closes. */
export function createAssessmentApi(config: Config, logger: Logger) {
  const jobs = new JobProducer(config.redisUrl, config.queuePrefix);
  const streams = new RunStreams(config.redisUrl, config.queuePrefix);
  const work = new CommittedWork(jobs, (left) => logger.warn(left, 'not enqueued yet'));
  return createApi({
    api: ASSESSMENT_API,
    ownUrl: config.candidateUrl,
    controllers: [AttemptController, WorkspaceController, RunController, FeedbackController],
    providers: [
      { provide: CommittedWork, useValue: work },
      LiveRuns,
      { provide: JobProducer, useValue: jobs },
      { provide: RunStreams, useValue: streams },
    ],
    queue: {
      isReachable: () => jobs.isReachable(),
      close: async () => {
        streams.disconnect();
        await jobs.close();
      },
    },
    pages: [{ access: 'public', routes: INVITATION_ROUTES, serve: serveInvitationPages }],
    config,
    logger,
  });
}
