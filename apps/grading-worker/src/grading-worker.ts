import { once } from 'node:events';
import { Database } from '@assay/db';
import { type Config, LOGGER, type Logger, NestLogger } from '@assay/platform';
import { JobConsumer, JobProducer } from '@assay/queue';
import { NestFactory } from '@nestjs/core';
import { GradeHandler } from './grade.handler.js';
import { RunHandler } from './run.handler.js';
import { createEngine, SANDBOX_ENGINE, type SandboxEngine } from './sandbox-engine.js';
import { Sweeper } from './sweeper.js';
import { TaskBundles } from './task-bundles.js';
import { createHealthServer } from './worker-health.js';
import { WorkerShutdown } from './worker-shutdown.js';

/** Runs of sample checks at once, beside the gradings: a candidate who waits for feedback must not queue behind them. */
const RUN_SLOTS = 1;

/**
 * Starts the worker: health first, then the sandbox's self-test, then the jobs. Without a sandbox that has proved its
 * guarantees it takes no job and says why; nothing is lost, the gradings wait. Gives what stops it.
 */
export async function startGradingWorker(config: Config, logger: Logger): Promise<() => Promise<void>> {
  if (!config.workerDatabaseUrl) throw new Error('WORKER_DATABASE_URL is not set');
  const slots = { grading: config.gradingSlots, run: RUN_SLOTS };
  const db = new Database(config.workerDatabaseUrl, { lockConnections: config.gradingSlots + RUN_SLOTS });
  const jobs = new JobProducer(config.redisUrl, config.queuePrefix);
  const engine = createEngine(config, logger);
  const module = {
    module: class WorkerModule {},
    providers: [
      GradeHandler,
      RunHandler,
      Sweeper,
      TaskBundles,
      WorkerShutdown,
      { provide: Database, useValue: db },
      { provide: JobProducer, useValue: jobs },
      { provide: LOGGER, useValue: logger },
      { provide: SANDBOX_ENGINE, useValue: engine },
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
    const grade = context.get(GradeHandler);
    const run = context.get(RunHandler);
    consumer = new JobConsumer(
      config.redisUrl,
      {
        'grading.grade': (payload) => grade.handle(payload),
        'run.execute': (payload) => run.handle(payload),
      },
      {
        slots,
        prefix: config.queuePrefix,
        onError: (job, error) => logger.error({ job, err: error }, 'job failed'),
      },
    );
  }
  sweeper.start();
  logger.info({ slots, sandbox }, 'grading worker is up');

  return async () => {
    await sweeper.stop();
    context.get(WorkerShutdown).begin();
    await consumer?.close();
    await engine.close();
    health.close();
    await jobs.close();
    await context.close();
    await db.close();
  };
}

async function proveSandbox(engine: SandboxEngine, logger: Logger): Promise<string> {
  try {
    const report = await engine.selfTest();
    logger.info({ ...report }, 'the sandbox holds');
    return 'ok';
  } catch (error) {
    logger.error({ err: error }, 'nothing is graded on this machine');
    return error instanceof Error ? error.message : String(error);
  }
}
