import { once } from 'node:events';
import { Database } from '@assay/db';
import { createSlots } from '@assay/grading';
import {
  CONFIG,
  type Config,
  LOGGER,
  type Logger,
  measureDatabase,
  NestLogger,
  Registry,
  type Running,
  withLogContext,
} from '@assay/platform';
import { JobConsumer, JobProducer, RunStreams } from '@assay/queue';
import { NestFactory } from '@nestjs/core';
import { drain } from './drain.js';
import { GradeHandler } from './grade.handler.js';
import { LiveRunHandler } from './live-run.handler.js';
import { RunHandler } from './run.handler.js';
import {
  createEngine,
  GRADING_SLOTS,
  RUN_SLOTS,
  SANDBOX_ENGINE,
  type SandboxEngine,
} from './sandbox-engine.js';
import { Sweeper } from './sweeper.js';
import { TaskBundles } from './task-bundles.js';
import { createHealthServer } from './worker-health.js';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerShutdown } from './worker-shutdown.js';

/**
 * Starts the worker: health first, then the sandbox's self-test, then the jobs. Without a sandbox that has proved its
 * guarantees it takes no job and says why; nothing is lost, the gradings wait.
 */
export async function startGradingWorker(config: Config, logger: Logger): Promise<Running> {
  if (!config.workerDatabaseUrl) throw new Error('WORKER_DATABASE_URL is not set');
  // A candidate who waits for feedback must not queue behind gradings, nor behind those who speak to their servers.
  const slots = { grading: config.gradingSlots, run: config.runSlots, live: config.liveRunSlots };
  const lockConnections = slots.grading + slots.run + slots.live;
  const db = new Database(config.workerDatabaseUrl, { lockConnections });
  const jobs = new JobProducer(config.redisUrl, config.queuePrefix);
  const streams = new RunStreams(config.redisUrl, config.queuePrefix);
  const registry = new Registry();
  measureDatabase(registry, db);
  const metrics = new WorkerMetrics(registry, db);
  const engine = createEngine(config, logger, metrics);
  const warn = (message: string) => logger.warn(message);
  const gradingSlots = createSlots(engine, config.gradingSlots, warn);
  const runSlots = createSlots(engine, config.runSlots, warn);
  const module = {
    module: class WorkerModule {},
    providers: [
      GradeHandler,
      LiveRunHandler,
      RunHandler,
      Sweeper,
      TaskBundles,
      WorkerShutdown,
      { provide: CONFIG, useValue: config },
      { provide: Database, useValue: db },
      { provide: JobProducer, useValue: jobs },
      { provide: LOGGER, useValue: logger },
      { provide: RunStreams, useValue: streams },
      { provide: SANDBOX_ENGINE, useValue: engine },
      { provide: GRADING_SLOTS, useValue: gradingSlots },
      { provide: RUN_SLOTS, useValue: runSlots },
      { provide: WorkerMetrics, useValue: metrics },
    ],
  };
  const context = await NestFactory.createApplicationContext(module, { logger: new NestLogger(logger) });

  let sandbox: string | null = null;
  const health = createHealthServer({ db, jobs, sandbox: () => sandbox });
  health.listen(config.workerHealthPort, config.host);
  await once(health, 'listening');

  sandbox = await proveSandbox(engine, logger);
  const sweeper = context.get(Sweeper);
  let consumer: JobConsumer | null = null;
  if (sandbox === 'ok') {
    gradingSlots.prepare();
    runSlots.prepare();
    const grade = context.get(GradeHandler);
    const run = context.get(RunHandler);
    const live = context.get(LiveRunHandler);
    consumer = new JobConsumer(
      config.redisUrl,
      {
        'grading.grade': ({ gradingId, requestId }, jobId) =>
          withLogContext({ jobId, gradingId, requestId }, () => grade.handle(gradingId)),
        'run.execute': ({ runId, requestId }, jobId) =>
          withLogContext({ jobId, runId, requestId }, () => run.handle(runId)),
        'run.serve': ({ runId, requestId }, jobId) =>
          withLogContext({ jobId, runId, requestId }, () => live.handle(runId)),
      },
      {
        slots,
        prefix: config.queuePrefix,
        onError: (job, error, jobId) => logger.error({ job, jobId, err: error }, 'job failed'),
      },
    );
  }
  sweeper.start();
  logger.info({ slots, sandbox }, 'grading worker is up');

  return {
    metrics: registry,
    metricsPort: config.workerMetricsPort,
    async close(hurry) {
      await sweeper.stop();
      // From here on it takes no job; what is under way may end, and what does not is handed back.
      const idle = consumer?.close() ?? Promise.resolve();
      await drain(idle, config.drainMs, hurry);
      context.get(WorkerShutdown).begin();
      await idle;
      await Promise.all([gradingSlots.close(), runSlots.close()]);
      await engine.close();
      health.close();
      await jobs.close();
      streams.disconnect();
      await context.close();
      await db.close();
    },
  };
}

async function proveSandbox(engine: SandboxEngine, logger: Logger): Promise<string> {
  try {
    const report = await engine.selfTest();
    logger.info({ ...report }, 'the sandbox holds');
    if (report.degraded.length > 0)
      logger.warn({ degraded: report.degraded }, 'degraded: the sandbox holds more weakly than as root');
    return 'ok';
  } catch (error) {
    logger.error({ err: error }, 'nothing is graded on this machine');
    return error instanceof Error ? error.message : String(error);
  }
}
