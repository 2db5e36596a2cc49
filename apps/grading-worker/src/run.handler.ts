import { randomBytes } from 'node:crypto';
import type { JobPayload } from '@assay/contracts/jobs';
import { claimRun, Database, findRunLockKey, finishRun, tryLockWork } from '@assay/db';
import { gradeSolution } from '@assay/grading';
import { LOGGER, type Logger } from '@assay/platform';
import { Inject, Injectable } from '@nestjs/common';
import { SANDBOX_ENGINE, type SandboxEngine } from './sandbox-engine.js';
import { TaskBundles } from './task-bundles.js';
import { WorkerShutdown } from './worker-shutdown.js';

/** Runs the sample checks on what a candidate saved. A run that we fail is told as ours; the candidate runs again. */
@Injectable()
export class RunHandler {
  constructor(
    private readonly db: Database,
    private readonly bundles: TaskBundles,
    private readonly shutdown: WorkerShutdown,
    @Inject(SANDBOX_ENGINE) private readonly engine: SandboxEngine,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async handle({ runId }: JobPayload<'run.execute'>): Promise<void> {
    const row = await findRunLockKey(this.db, runId);
    if (!row || this.shutdown.signal.aborted) return;
    const lock = await tryLockWork(this.db, 'run', row.lockKey);
    if (!lock) return;
    try {
      const claimed = await claimRun(this.db, runId);
      if (!claimed) return;
      const signal = AbortSignal.any([lock.lost, this.shutdown.signal]);
      const result = await gradeSolution({
        engine: this.engine,
        bundle: await this.bundles.get(claimed.contentHash),
        files: claimed.files,
        checks: 'sample',
        seed: randomBytes(8).toString('hex'),
        signal,
      });
      // Still `running` and without its lock, it is found by the sweeper and done again.
      if (signal.aborted) return;
      if (result.outcome !== 'completed')
        this.logger.error({ runId, reason: result.reason }, 'run failed on our side');
      await finishRun(
        this.db,
        runId,
        result.outcome === 'completed' ? { checks: result.checks, output: result.output } : 'failed_by_us',
      );
    } finally {
      await lock.release();
    }
  }
}
