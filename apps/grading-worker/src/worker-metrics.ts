import { countWork, type Database, readGradingQueue } from '@assay/db';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const WAITS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
const DURATIONS_SECONDS = [0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320];

/** How a start of work ended. `failed_by_us` is a platform failure; `stopped`: handed back, lost its lock or gave way. */
export type WorkOutcome = 'completed' | 'failed_by_us' | 'stopped';

/** What a worker tells Prometheus. Labels have few values each: no ids. */
export class WorkerMetrics {
  private readonly waits;
  private readonly gradings;
  private readonly runs;
  private readonly durations;
  private readonly sandboxes;
  private readonly redispatches;

  constructor(registry: Registry, db: Database) {
    const registers = [registry];
    this.waits = new Histogram({
      name: 'queue_wait_seconds',
      help: 'Time from the dispatch of a grading or run to its start',
      labelNames: ['queue'],
      buckets: WAITS_SECONDS,
      registers,
    });
    this.gradings = new Counter({
      name: 'gradings_total',
      help: 'Starts of gradings, by how they ended',
      labelNames: ['outcome'],
      registers,
    });
    this.runs = new Counter({
      name: 'runs_total',
      help: 'Starts of runs of sample checks, by how they ended',
      labelNames: ['outcome'],
      registers,
    });
    this.durations = new Histogram({
      name: 'grading_duration_seconds',
      help: 'Time from the start of a grading to its end, by how it ended',
      labelNames: ['outcome'],
      buckets: DURATIONS_SECONDS,
      registers,
    });
    this.sandboxes = new Counter({
      name: 'sandbox_starts_total',
      help: 'Pods opened for a grading or run, and those that could not be',
      labelNames: ['result'],
      registers,
    });
    this.redispatches = new Counter({
      name: 'sweeper_redispatches_total',
      help: 'Jobs enqueued again, because theirs or their worker was lost',
      labelNames: ['queue'],
      registers,
    });
    new Gauge({
      name: 'queue_jobs',
      help: 'Work in the database by queue and state; every worker tells the same numbers',
      labelNames: ['queue', 'state'],
      registers,
      async collect() {
        this.reset();
        // Nothing is better than an old number; whether the database answers is told by readiness.
        for (const { queue, state, count } of await countWork(db).catch(() => [])) {
          this.set({ queue, state }, count);
        }
      },
    });
    new Gauge({
      name: 'queue_oldest_wait_seconds',
      help: 'How long the grading that waits longest has waited; 0 when none waits',
      registers,
      async collect() {
        this.reset();
        const load = await readGradingQueue(db).catch(() => null);
        if (load) this.set((load.oldestWaitMs ?? 0) / 1000);
      },
    });
  }

  started(queue: 'grading' | 'run', waitedMs: number): void {
    this.waits.observe({ queue }, waitedMs / 1000);
  }

  gradingEnded(outcome: WorkOutcome, durationMs: number): void {
    this.gradings.inc({ outcome });
    this.durations.observe({ outcome }, durationMs / 1000);
  }

  runEnded(outcome: WorkOutcome): void {
    this.runs.inc({ outcome });
  }

  sandboxStarted(result: 'opened' | 'failed'): void {
    this.sandboxes.inc({ result });
  }

  redispatched(queue: 'grading' | 'run'): void {
    this.redispatches.inc({ queue });
  }
}
