import {
  type ClaimedRun,
  claimRun,
  Database,
  findRunLockKey,
  finishLiveRun,
  isRunRunning,
  keepLastOutput,
  type LiveRunEnd,
  recordListening,
} from '@assay/db';
import { hasServer, type LiveServer, startLiveServer } from '@assay/grading';
import { CONFIG, type Config, LOGGER, type Logger, withLogContext } from '@assay/platform';
import { RunStreams } from '@assay/queue';
import { Inject, Injectable } from '@nestjs/common';
import { holdingLock } from './holding-lock.js';
import { LiveOutput } from './live-output.js';
import { SANDBOX_ENGINE, type SandboxEngine } from './sandbox-engine.js';
import { TaskBundles } from './task-bundles.js';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerShutdown } from './worker-shutdown.js';

/** The longest that a live run may live, however busy it is. */
const LIMIT_MS = 600_000;
/** How soon it is seen, at the latest, that its row has changed or that Redis has lost it. */
const LOOK_AGAIN_MS = 1_000;

const NO_SERVER: LiveRunEnd = {
  endedBecause: 'no_server',
  message: 'This task asks for functions, not for a server: run the sample checks.',
};
const TIME_LIMIT: LiveRunEnd = {
  endedBecause: 'time_limit',
  message: `This run has lived for ${LIMIT_MS / 60_000} minutes, the longest that one may.`,
};

/**
 * Holds one live run: the candidate's server in a sandbox, until it ends or its run does. It is begun once; whatever
 * fails on our side ends it as ours, and the candidate runs again.
 */
@Injectable()
export class LiveRunHandler {
  constructor(
    private readonly db: Database,
    private readonly bundles: TaskBundles,
    private readonly streams: RunStreams,
    private readonly shutdown: WorkerShutdown,
    private readonly metrics: WorkerMetrics,
    @Inject(SANDBOX_ENGINE) private readonly engine: SandboxEngine,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async handle(runId: string): Promise<void> {
    const row = await findRunLockKey(this.db, runId);
    await holdingLock(this.db, 'run', row, this.shutdown.signal, async ({ signal }) => {
      const claimed = await claimRun(this.db, runId);
      if (!claimed) return;
      await withLogContext({ attemptId: claimed.attemptId }, async () => {
        this.metrics.started('live', claimed.waitedMs);
        const { end, output } = await this.live(runId, claimed, signal);
        if (end === null) await keepLastOutput(this.db, runId, output);
        else await finishLiveRun(this.db, runId, end, output);
        await this.streams.close(runId).catch(() => undefined); // it expires
        const outcome = end === null ? 'stopped' : end === 'failed_by_us' ? end : 'completed';
        this.metrics.runEnded('server', outcome);
        this.logger.info({ waitedMs: claimed.waitedMs, outcome }, 'live run ended');
      });
    });
  }

  /** Never rejects. `end` is null when the row says already that, and why, it has ended. */
  private async live(runId: string, claimed: ClaimedRun, signal: AbortSignal) {
    let server: LiveServer | null = null;
    let end: LiveRunEnd | 'failed_by_us' | null = 'failed_by_us';
    const output = new LiveOutput(this.streams, runId);
    try {
      const bundle = await this.bundles.get(claimed.contentHash);
      if (!hasServer(bundle)) return { end: NO_SERVER, output: '' };
      await this.streams.open(runId);
      const { engine } = this;
      const onOutput = (chunk: Buffer) => output.add(chunk);
      server = await startLiveServer({ engine, bundle, files: claimed.files, limitMs: LIMIT_MS, onOutput });
      void server.listening.then((isUp) => this.tellListening(runId, claimed, output, isUp));
      const ended = server.ended.then((how): LiveRunEnd => ({ endedBecause: 'exited', ...how }));
      end = await Promise.race([ended, this.serve(runId, server, signal), output.broken]);
      await output.flush();
    } catch (error) {
      end = 'failed_by_us';
      this.logger.error({ err: error }, 'live run failed on our side');
    } finally {
      // Before the lock goes: whoever holds it next must not meet this sandbox.
      await server
        ?.close()
        .catch((error: unknown) => this.logger.error({ err: error }, 'sandbox not closed'));
    }
    return { end, output: server?.outputTail() ?? '' };
  }

  private async tellListening(
    runId: string,
    { attemptId }: ClaimedRun,
    output: LiveOutput,
    isUp: boolean,
  ): Promise<void> {
    output.tell({ type: 'listening', isUp });
    if (isUp) await recordListening(this.db, attemptId, runId).catch(() => undefined); // the stream has told it
  }

  /**
   * Passes requests on until there is a reason to end; null when it was stopped, submitted or superseded, which its row
   * says. Rejects with what is ours: Redis lost, worker stopped.
   */
  private async serve(runId: string, server: LiveServer, signal: AbortSignal): Promise<LiveRunEnd | null> {
    const { liveRunIdleMs } = this.config;
    const news = await this.streams.watch(runId, signal);
    const beganAtMs = performance.now();
    let lastUseAtMs = beganAtMs;
    let last = '0';
    try {
      for (;;) {
        signal.throwIfAborted();
        if (!(await this.streams.isOpen(runId))) throw new Error('Redis has lost this run');
        for (const { at, request } of await this.streams.readRequests(runId, last)) {
          last = at;
          lastUseAtMs = performance.now();
          void server
            .ask(request.request)
            .then((reply) => this.streams.reply(runId, { id: request.id, reply }))
            .catch(() => undefined); // what broke is told by the server's end, or by the next look at Redis
        }
        const nowMs = performance.now();
        if (nowMs - lastUseAtMs >= liveRunIdleMs) return idle(liveRunIdleMs);
        if (nowMs - beganAtMs >= LIMIT_MS) return TIME_LIMIT;
        if (!(await isRunRunning(this.db, runId))) return null;
        await news.next(Math.min(LOOK_AGAIN_MS, liveRunIdleMs));
      }
    } finally {
      news.close();
    }
  }
}

const idle = (idleMs: number): LiveRunEnd => ({
  endedBecause: 'idle',
  message: `Nobody has sent a request to this server for ${Math.round(idleMs / 1000)} seconds.`,
});
