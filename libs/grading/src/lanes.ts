import { type CheckSpec, startedByOf, startTimeoutMsOf, type TaskManifest } from '@assay/tasks';
import type { PartialGradeRequest } from './grade-request.js';
import { type FinishedCheck, Lane, type ReadyCheck } from './lane.js';

/** Kept for what follows a check's own time: its end in the harness, and a server that is given time to end by itself. */
const BETWEEN_CHECKS_MS = 15_000;

/**
 * The lanes of one grading, at most two, that take turns: while a check has its server started and runs in one, the
 * server of the next one comes up in the other. Two servers never share a loopback (docs/adr/0010-two-lanes.md).
 */
export class Lanes {
  private readonly lanes = new Set<Lane>();
  /** The next check, whose server was started before its turn. */
  private ahead: { lane: Lane; ready: Promise<ReadyCheck> } | null = null;

  private lastWasUp = false;

  constructor(private readonly request: PartialGradeRequest) {}

  /** Runs a check; `next` is the one that will be run after it, if any. Rejects for everything that is ours. */
  async run(check: CheckSpec, next: CheckSpec | undefined): Promise<FinishedCheck> {
    const { ready } = this.ahead ?? this.prepare(check, 0);
    this.ahead = null;
    // Only what comes up is worth starting before its turn: two starts that fail in a row end the trying.
    if (this.lastWasUp) this.prepareAhead(check, next);
    const { isUp, finish } = await ready;
    if (isUp && !this.ahead) this.prepareAhead(check, next);
    this.lastWasUp = isUp;
    return finish();
  }

  /** Kills everything, which ends every wait above. Rejects, once all are closed, when one of them could not be. */
  async close(): Promise<void> {
    const closed = await Promise.allSettled([...this.lanes].map((lane) => lane.close()));
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  }

  private prepareAhead(check: CheckSpec, next: CheckSpec | undefined): void {
    const { manifest } = this.request.bundle;
    if (!next || this.request.oneLane || !mayOverlap(manifest, check, next)) return;
    // A module may take its time to start twice: to listen, and to say what it exports.
    const waitMs = 2 * startTimeoutMsOf(manifest) + check.timeoutMs + BETWEEN_CHECKS_MS;
    this.ahead = this.prepare(next, waitMs);
  }

  private prepare(check: CheckSpec, waitMs: number): { lane: Lane; ready: Promise<ReadyCheck> } {
    const lane = [...this.lanes].find(({ isBusy }) => !isBusy) ?? new Lane(this.request);
    this.lanes.add(lane);
    const ready = lane.ready(check, { waitMs, beforeReference: () => this.dropAhead() });
    ready.catch(() => {}); // heard of when it is the check's turn
    return { lane, ready };
  }

  /** What is compared has the machine for itself: the next check's server is started anew in its turn. */
  private async dropAhead(): Promise<void> {
    if (!this.ahead) return;
    const { lane } = this.ahead;
    this.ahead = null;
    this.lanes.delete(lane);
    await lane.close();
  }
}

/** Not where speed is judged, nor where nothing is to be started. */
function mayOverlap(manifest: TaskManifest, ...checks: CheckSpec[]): boolean {
  return checks.every((check) => check.kind !== 'performance' && startedByOf(manifest, check) === 'harness');
}
