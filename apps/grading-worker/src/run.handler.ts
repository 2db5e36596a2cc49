import { randomBytes } from 'node:crypto';
import {
  type ClaimedRun,
  claimRun,
  Database,
  findRunLockKey,
  finishRun,
  isRunRunning,
  type RunResult,
} from '@assay/db';
import { type GradingSlots, gradeSolution } from '@assay/grading';
import { LOGGER, type Logger, withLogContext } from '@assay/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FirstAbort } from './first-abort.js';
import { holdingLock } from './holding-lock.js';
import { RUN_SLOTS, SANDBOX_ENGINE, type SandboxEngine } from './sandbox-engine.js';
import { TaskBundles } from './task-bundles.js';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerShutdown } from './worker-shutdown.js';

/** Runs the sample checks on what a candidate saved. A run that we fail is told as ours; the candidate runs again. */
@Injectable()
export class RunHandler {
  constructor(
    private readonly db: Database,
    private readonly bundles: TaskBundles,
    private readonly shutdown: WorkerShutdown,
    private readonly metrics: WorkerMetrics,
    @Inject(SANDBOX_ENGINE) private readonly engine: SandboxEngine,
    @Inject(RUN_SLOTS) private readonly slots: GradingSlots,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async handle(runId: string): Promise<void> {
    const row = await findRunLockKey(this.db, runId);
    await holdingLock(this.db, 'run', row, this.shutdown.signal, async (stop) => {
      const claimed = await claimRun(this.db, runId);
      if (!claimed) return;
      const { attemptId, waitedMs } = claimed;
      await withLogContext({ attemptId }, async () => {
        this.metrics.started('run', waitedMs);
        const result = await this.runSampleChecks(runId, claimed, stop);
        // Still `running` and without its lock, it is found by the sweeper and done again; one that gave way has ended.
        if (!stop.signal.aborted) await finishRun(this.db, runId, result);
        const outcome = result === 'failed_by_us' ? result : 'completed';
        this.metrics.runEnded('checks', stop.signal.aborted ? 'stopped' : outcome);
        this.logger.info({ waitedMs, outcome, isStopped: stop.signal.aborted }, 'run ended');
      });
    });
  }

  /** Never rejects: what fails before the sandbox is as much ours as what fails in it. */
  private async runSampleChecks(
    runId: string,
    { contentHash, files }: ClaimedRun,
    { signal, abort }: FirstAbort,
  ): Promise<RunResult> {
    const lookForNewer = async () => {
      if (!(await isRunRunning(this.db, runId))) abort(new Error('a newer run took its place'));
    };
    try {
      const result = await gradeSolution({
        engine: this.engine,
        slots: this.slots,
        bundle: await this.bundles.get(contentHash),
        files,
        checks: 'sample',
        seed: randomBytes(8).toString('hex'),
        signal,
        onProgress: () => void lookForNewer().catch(() => undefined),
        onPlatformFailure: (error) => this.logger.error({ err: error }, 'run failed on our side'),
      });
      if (result.outcome === 'completed') return { checks: result.checks, output: result.output };
    } catch (error) {
      this.logger.error({ err: error }, 'run failed on our side');
    }
    return 'failed_by_us';
  }
}
