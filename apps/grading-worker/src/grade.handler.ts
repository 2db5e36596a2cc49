import { randomBytes } from 'node:crypto';
import {
  type ClaimedGrading,
  claimGrading,
  completeGrading,
  Database,
  findGradingLockKey,
  handBackGrading,
  recordPlatformFailure,
  recordProgress,
} from '@assay/db';
import { type GradingResult, type GradingSlots, gradeSolution } from '@assay/grading';
import { LOGGER, type Logger, withLogContext } from '@assay/platform';
import { Inject, Injectable } from '@nestjs/common';
import { holdingLock } from './holding-lock.js';
import { GRADING_SLOTS, SANDBOX_ENGINE, type SandboxEngine } from './sandbox-engine.js';
import { TaskBundles } from './task-bundles.js';
import { WorkerMetrics, type WorkOutcome } from './worker-metrics.js';
import { WorkerShutdown } from './worker-shutdown.js';

/**
 * Grades one submission. Bails out first: duplicate and late deliveries are normal. The lock comes before the reading,
 * lives as long as this process's connection, and the result is written once, fenced by the number of this start.
 */
@Injectable()
export class GradeHandler {
  constructor(
    private readonly db: Database,
    private readonly bundles: TaskBundles,
    private readonly shutdown: WorkerShutdown,
    private readonly metrics: WorkerMetrics,
    @Inject(SANDBOX_ENGINE) private readonly engine: SandboxEngine,
    @Inject(GRADING_SLOTS) private readonly slots: GradingSlots,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async handle(gradingId: string): Promise<void> {
    const row = await findGradingLockKey(this.db, gradingId);
    await holdingLock(this.db, 'grading', row, this.shutdown.signal, async ({ signal }) => {
      const grading = await claimGrading(this.db, gradingId);
      if (!grading) return;
      const { submissionId, start, waitedMs } = grading;
      await withLogContext({ submissionId }, async () => {
        this.logger.info({ start, waitedMs }, 'grading started');
        this.metrics.started('grading', waitedMs);
        const startedAt = performance.now();
        const outcome = await this.gradeAndRecord(grading, signal);
        this.metrics.gradingEnded(outcome, performance.now() - startedAt);
      });
    });
  }

  private async gradeAndRecord(grading: ClaimedGrading, signal: AbortSignal): Promise<WorkOutcome> {
    const result = await this.grade(grading, signal);
    if (this.shutdown.signal.aborted) {
      await handBackGrading(this.db, grading);
      this.logger.info('grading handed back');
      return 'stopped';
    }
    if (signal.aborted) {
      this.logger.warn({ err: signal.reason as unknown }, 'grading stopped; another worker may begin it');
      return 'stopped';
    }
    return this.record(grading, result);
  }

  /** Never rejects: what fails before the sandbox is as much ours as what fails in it. */
  private async grade(
    grading: ClaimedGrading,
    signal: AbortSignal,
  ): Promise<GradingResult | { reason: string }> {
    try {
      const bundle = await this.bundles.get(grading.contentHash);
      let written = Promise.resolve();
      const result = await gradeSolution({
        engine: this.engine,
        slots: this.slots,
        bundle,
        files: grading.files,
        checks: 'hidden',
        seed: randomBytes(8).toString('hex'),
        signal,
        onProgress: (progress) => {
          // One after the other keeps their order; an event that is lost costs nobody a mark.
          written = written
            .then(() => recordProgress(this.db, grading, progress))
            .catch((error: unknown) => this.logger.warn({ err: error }, 'progress not told'));
        },
        onPlatformFailure: (error) => this.logger.error({ err: error }, 'grading failed before its end'),
      });
      await written;
      return result;
    } catch (error) {
      this.logger.error({ err: error }, 'grading failed before its end');
      return { reason: error instanceof Error ? error.message : String(error) };
    }
  }

  private async record(
    grading: ClaimedGrading,
    result: GradingResult | { reason: string },
  ): Promise<WorkOutcome> {
    if ('outcome' in result && result.outcome === 'completed' && result.engine && result.score !== null) {
      const { checks, score, seed, output } = result;
      const { engine, limits, guarantees, degraded } = result.engine;
      const isWritten = await completeGrading(this.db, grading, {
        ...{ checks, score, seed, output, engine: `${engine}, ${limits}` },
        ...{ guarantees: [...guarantees], degraded: [...degraded] },
      });
      this.logger.info({ score, isWritten }, 'graded');
      return 'completed';
    }
    const reason = result.reason ?? 'the grading gave no result';
    this.logger.error({ reason }, 'grading failed on our side');
    await recordPlatformFailure(this.db, grading, reason);
    return 'failed_by_us';
  }
}
