import { COLLABORATION_PATH } from '@assay/contracts/events';
import { ASSESSMENT_API } from '@assay/contracts/http';
import { type Config, createApi, type Logger } from '@assay/platform';
import { CommittedWork, JobProducer, RunStreams } from '@assay/queue';
import { AttemptController } from './attempt.controller.js';
import { CANDIDATE_ROUTES, serveCandidatePages } from './candidate-pages.js';
import { CandidateRequestController } from './candidate-request.controller.js';
import { ClockController } from './clock.controller.js';
import { LiveWorkspaces } from './collaboration/live-workspaces.js';
import { FeedbackController } from './feedback.controller.js';
import { InvitationController } from './invitation.controller.js';
import { LiveRuns } from './live-runs.js';
import { RunController } from './run.controller.js';
import { WorkspaceController } from './workspace.controller.js';

/** Of one message over a WebSocket: a whole project of 5 MiB with its history, or what somebody pastes by mistake. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** The candidates' API: another origin and other sessions than the staff's. The caller listens and closes. */
export function createAssessmentApi(config: Config, logger: Logger) {
  const jobs = new JobProducer(config.redisUrl, config.queuePrefix);
  const streams = new RunStreams(config.redisUrl, config.queuePrefix);
  const work = new CommittedWork(jobs, (left) => logger.warn(left, 'not enqueued yet'));
  return createApi({
    api: ASSESSMENT_API,
    ownUrl: config.candidateUrl,
    controllers: [
      InvitationController,
      AttemptController,
      ClockController,
      CandidateRequestController,
      WorkspaceController,
      RunController,
      FeedbackController,
    ],
    providers: [
      { provide: CommittedWork, useValue: work },
      LiveRuns,
      LiveWorkspaces,
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
    sockets: {
      path: COLLABORATION_PATH,
      access: 'candidate',
      maxMessageBytes: MAX_MESSAGE_BYTES,
      handler: LiveWorkspaces,
    },
    pages: [{ access: 'public', routes: CANDIDATE_ROUTES, serve: serveCandidatePages }],
    config,
    logger,
  });
}
