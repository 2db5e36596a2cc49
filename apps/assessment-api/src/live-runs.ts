import { randomUUID } from 'node:crypto';
import type { RunOutputEvent } from '@assay/contracts/events';
import type { ConsoleReply, ConsoleRequest, getRun, ReplyOf } from '@assay/contracts/http';
import { Database, failLostLiveRuns, getLiveRunOf } from '@assay/db';
import { LOGGER, type Logger } from '@assay/platform';
import { RunStreams } from '@assay/queue';
import { Inject, Injectable } from '@nestjs/common';

/** The row is looked at again after so long, whatever the streams say: it alone tells that a run has ended. */
const LOOK_AGAIN_MS = 1_000;
/** Longer than a worker gives a server to answer. */
const ANSWER_WITHIN_MS = 20_000;

const OURS = 'This run was lost on our side. Nothing that you saved is: run again.';
const NOT_YET = 'Your server has not been started yet: it waits for its turn.';
const TOO_LATE = 'We got no answer in time. If that happens again, end this run and start another one.';

type Run = ReplyOf<typeof getRun>;

/** This API's side of live runs. Their rows are the truth; what Redis has lost of a run is told as ours. */
@Injectable()
export class LiveRuns {
  constructor(
    private readonly db: Database,
    private readonly streams: RunStreams,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Sends a request to the run's server and waits for what comes back, or for the run's end. */
  async send(
    attemptId: string,
    runId: string,
    request: ConsoleRequest,
    signal: AbortSignal,
  ): Promise<ConsoleReply> {
    const run = await this.look(attemptId, runId);
    if (run.state !== 'running') return noAnswer(run.state === 'queued' ? NOT_YET : endOf(run));
    const news = await this.streams.watch(runId, signal);
    try {
      const id = randomUUID();
      const askedAt = await this.streams.ask(runId, { id, request });
      const deadlineMs = performance.now() + ANSWER_WITHIN_MS;
      while (performance.now() < deadlineMs && !signal.aborted) {
        const reply = await this.streams.findReply(runId, askedAt, id);
        if (reply) return reply;
        const now = await this.look(attemptId, runId);
        if (now.state !== 'running') return noAnswer(endOf(now));
        await news.next(LOOK_AGAIN_MS);
      }
      return noAnswer(TOO_LATE);
    } catch (error) {
      this.logger.warn({ runId, err: error }, 'a live run cannot be spoken to');
      return noAnswer(OURS);
    } finally {
      news.close();
    }
  }

  /** What a run that still lives has written, as far as it is kept. */
  async outputOf(runId: string): Promise<string> {
    const told = await this.readOutput(runId, 0);
    return told.map(({ event }) => (event.type === 'output' ? event.text : '')).join('');
  }

  /** What is told after a sequence, and then the run's end. */
  async *follow(attemptId: string, runId: string, sequence: number, signal: AbortSignal) {
    const news = await this.streams.watch(runId, signal);
    let last = sequence;
    try {
      while (!signal.aborted) {
        // The row first: whatever was written before its end is then in what is read after it.
        const run = await this.look(attemptId, runId);
        const told = await this.readOutput(runId, last);
        for (const one of told) {
          yield one;
          last = one.sequence;
        }
        if (run.state !== 'queued' && run.state !== 'running') {
          yield { sequence: last + 1, event: endEvent(run, run.state) };
          return;
        }
        await news.next(LOOK_AGAIN_MS);
      }
    } finally {
      news.close();
    }
  }

  /** For whoever waits for a run whose row has changed. They look by themselves, too, only later. */
  async wake(runId: string): Promise<void> {
    await this.streams.wake(runId).catch(() => undefined);
  }

  /** The run as it is, with its worker's death told at once: there may be no other worker that sweeps. */
  private async look(attemptId: string, runId: string): Promise<Run> {
    const run = await getLiveRunOf(this.db, attemptId, runId);
    if (run.state !== 'running') return run;
    await failLostLiveRuns(this.db, runId);
    return getLiveRunOf(this.db, attemptId, runId);
  }

  /** Nothing while Redis is away: that ends the run, which its row will tell. */
  private readOutput(runId: string, sequence: number) {
    return this.streams.readOutput(runId, sequence).catch(() => []);
  }
}

const noAnswer = (message: string): ConsoleReply => ({ outcome: 'no_answer', message });

/** In a sentence. */
function endOf({ state, message }: Run): string {
  if (state === 'failed_by_us') return OURS;
  if (state === 'superseded') return 'A newer run of this task has taken the place of this one.';
  return `${message ?? 'This run has ended.'} Start another run to speak to your server.`;
}

function endEvent(run: Run, state: 'finished' | 'superseded' | 'failed_by_us'): RunOutputEvent {
  const { endedBecause, exitCode, exitSignal } = run;
  return { type: 'ended', state, endedBecause, message: run.message ?? endOf(run), exitCode, exitSignal };
}
