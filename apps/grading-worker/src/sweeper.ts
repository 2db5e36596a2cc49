import { JOBS, type JobName, type JobPayload, jobOfRun } from '@assay/contracts/jobs';
import {
  compactEndedWorkspaces,
  Database,
  expireAttempts,
  failLostLiveRuns,
  listWaitingGradings,
  listWaitingRuns,
  redispatchGrading,
  redispatchRun,
} from '@assay/db';
import { LOGGER, type Logger } from '@assay/platform';
import { JobProducer } from '@assay/queue';
import { Inject, Injectable } from '@nestjs/common';
import { WorkerMetrics } from './worker-metrics.js';

const SWEEP_MS = 1_000;
/** Longer than an API takes from its commit to its enqueue. */
const WAITED_MS = 2_000;

/**
 * Postgres is the truth, Redis may be lost and workers die: once a second this enqueues what waits without a job, frees
 * what lost its worker, and submits what was saved of attempts whose time is over. Several at once do no harm.
 */
@Injectable()
export class Sweeper {
  private timer: NodeJS.Timeout | null = null;
  private sweep: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly jobs: JobProducer,
    private readonly metrics: WorkerMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.sweep = this.sweepOnce()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'sweep failed; the next one follows'))
        .finally(() => this.timer && this.start());
    }, SWEEP_MS);
  }

  async stop(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.sweep;
  }

  async sweepOnce(): Promise<void> {
    for (const { gradingId, turn } of await expireAttempts(this.db)) {
      await this.jobs.enqueue('grading.grade', { gradingId, dispatch: 1 }, turn);
    }
    // Side by side: under a backlog nearly all still wait in Redis, and asking for one after the other would take long.
    const gradings = await listWaitingGradings(this.db, WAITED_MS);
    await Promise.all(
      gradings.map(({ id: gradingId, dispatch, turn }) =>
        this.redispatch('grading.grade', { gradingId, dispatch }, turn, () =>
          redispatchGrading(this.db, gradingId, dispatch),
        ),
      ),
    );
    await failLostLiveRuns(this.db);
    const runs = await listWaitingRuns(this.db, WAITED_MS);
    await Promise.all(
      runs.map(({ id: runId, kind, dispatch, turn }) =>
        this.redispatch(jobOfRun(kind), { runId, dispatch }, turn, () =>
          redispatchRun(this.db, runId, dispatch),
        ),
      ),
    );
    await compactEndedWorkspaces(this.db);
  }

  /**
   * Under a new job id, since BullMQ silently ignores an id that it still holds, but in the turn it has. A job that still
   * waits is left alone.
   */
  private async redispatch<N extends JobName>(
    name: N,
    payload: JobPayload<N>,
    turn: number,
    takeNextDispatch: () => Promise<number | null>,
  ): Promise<void> {
    if (await this.jobs.isWaiting(name, payload)) return;
    const dispatch = await takeNextDispatch();
    if (dispatch === null) return;
    await this.jobs.enqueue(name, { ...payload, dispatch }, turn);
    this.metrics.redispatched(JOBS[name].queue);
    const ids: object = payload;
    this.logger.info({ ...ids, dispatch }, `${name} enqueued again`);
  }
}
