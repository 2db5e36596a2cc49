import { ProblemError } from '@assay/contracts/client';
import type { RunOutputEvent } from '@assay/contracts/events';
import type { ConsoleReply, ConsoleRequest, getRun, ResponseOf } from '@assay/contracts/http';
import { api } from '../../api.js';
import { onAttemptEvent } from '../../attempt/follow-attempt.js';
import { observable } from '../../attempt/observable.js';
import type { WorkspaceSession } from '../document/workspace-session.js';
import { appendOutput, type OutputLine } from './output-lines.js';

type Run = ResponseOf<typeof getRun>;

const SAVED_WITHIN_MS = 5_000;
/** Events tell sooner; this is for whoever has missed one. */
const LOOK_AGAIN_MS = 1_000;

export type LivePhase = 'none' | 'saving' | 'queued' | 'starting' | 'listening' | 'not_listening' | 'ended';

/** The candidate's server, as far as this tab knows. */
export interface LiveState {
  phase: LivePhase;
  runId: string | null;
  queuePosition: number | null;
  /** Why it ended, or could not start, in a sentence. */
  sentence: string | null;
  /** Whether that was our fault. */
  isOurs: boolean;
  lines: readonly OutputLine[];
  /** The files' version that runs. */
  version: number;
}

export interface ChecksState {
  phase: 'none' | 'saving' | 'queued' | 'running' | 'finished' | 'failed';
  queuePosition: number | null;
  results: Run['checks'];
  output: string;
  sentence: string | null;
  version: number;
  finishedAt: string | null;
}

const NO_LIVE: LiveState = {
  phase: 'none',
  runId: null,
  queuePosition: null,
  sentence: null,
  isOurs: false,
  lines: [],
  version: 0,
};
const NO_CHECKS: ChecksState = {
  phase: 'none',
  queuePosition: null,
  results: [],
  output: '',
  sentence: null,
  version: 0,
  finishedAt: null,
};
const OFFLINE =
  'We cannot reach the server. Your work is kept in this browser: try again once you are online.';
const NOT_SAVED =
  'Your last edits are not with us yet. They are kept in this browser: try again once they are saved.';
const TAKEN_OVER = 'A newer run of this task has taken the place of this one.';

/** What is run of one task: its server, live, and its sample checks. */
export class TaskRuns {
  readonly live = observable(NO_LIVE);
  readonly checks = observable(NO_CHECKS);
  private stop = new AbortController();
  private checksStop = new AbortController();

  constructor(private readonly session: WorkspaceSession) {
    void this.resume();
  }

  isAlive(): boolean {
    return ['queued', 'starting', 'listening', 'not_listening'].includes(this.live.get().phase);
  }

  /** Starts the server on what is saved, in the place of one that runs. */
  async start(): Promise<void> {
    const stop = this.renew();
    const version = this.session.version.get();
    this.live.set({ ...NO_LIVE, phase: 'saving', version });
    try {
      if (!(await this.session.whenSaved(SAVED_WITHIN_MS))) return this.endLive(NOT_SAVED);
      if (stop.aborted) return;
      const { taskId } = this.session;
      const run = await api.startRun({ params: { taskId }, body: { kind: 'server' } }, { signal: stop });
      sessionStorage.setItem(this.key(), run.id);
      this.live.set({
        ...NO_LIVE,
        phase: 'queued',
        runId: run.id,
        queuePosition: run.queuePosition,
        version,
      });
      await this.follow(run.id, stop);
    } catch (error) {
      if (!stop.aborted) this.endLive(sentenceOf(error));
    }
  }

  /** Ends the server. */
  async end(): Promise<void> {
    const { runId } = this.live.get();
    if (runId) await api.stopRun({ params: { runId } }).catch(() => undefined);
  }

  /** Asks the server. Rejects with nothing: what went wrong is said in the reply. */
  async send(request: ConsoleRequest): Promise<ConsoleReply> {
    const { runId } = this.live.get();
    if (!runId || !this.isAlive()) return noAnswer('Your server does not run: start it first.');
    try {
      return await api.sendRequest({ params: { runId }, body: request });
    } catch (error) {
      return noAnswer(sentenceOf(error));
    }
  }

  /** Runs the sample checks on what is saved. A server that runs the same files goes on beside them. */
  async check(): Promise<void> {
    this.checksStop.abort();
    this.checksStop = new AbortController();
    const { signal } = this.checksStop;
    const version = this.session.version.get();
    this.checks.set({ ...NO_CHECKS, phase: 'saving', version });
    try {
      if (!(await this.session.whenSaved(SAVED_WITHIN_MS))) return this.failChecks(NOT_SAVED);
      if (signal.aborted) return;
      const run = await this.startChecks(version, signal);
      await this.awaitChecks(run, version, signal);
    } catch (error) {
      if (!signal.aborted) this.failChecks(sentenceOf(error));
    }
  }

  close(): void {
    this.stop.abort();
    this.checksStop.abort();
  }

  private startChecks(version: number, signal: AbortSignal): Promise<Run> {
    const { runId, version: runs, phase } = this.live.get();
    const isUp = phase === 'listening' || phase === 'not_listening';
    if (runId && isUp && runs === version) return api.checkRun({ params: { runId } }, { signal });
    return api.startRun({ params: { taskId: this.session.taskId }, body: { kind: 'checks' } }, { signal });
  }

  private async awaitChecks(first: Run, version: number, signal: AbortSignal): Promise<void> {
    let run = first;
    while (run.finishedAt === null && !signal.aborted) {
      const phase = run.state === 'queued' ? 'queued' : 'running';
      this.checks.set({ ...NO_CHECKS, phase, queuePosition: run.queuePosition, version });
      await nextWord(run.id, signal);
      run = await api.getRun({ params: { runId: run.id } }, { signal }).catch((error: unknown) => {
        if (error instanceof ProblemError) throw error;
        return run; // out of reach for the moment
      });
    }
    if (signal.aborted) return;
    if (run.state === 'superseded') return this.failChecks(TAKEN_OVER);
    if (run.state === 'failed_by_us') {
      return this.failChecks('That failed on our side, and costs you nothing: run the checks again.');
    }
    const { checks: results, output, finishedAt } = run;
    this.checks.set({ ...NO_CHECKS, phase: 'finished', results, output, version, finishedAt });
  }

  private failChecks(sentence: string): void {
    this.checks.set({ ...NO_CHECKS, phase: 'failed', sentence });
  }

  /** A run that was alive when this tab was loaded again. */
  private async resume(): Promise<void> {
    const runId = sessionStorage.getItem(this.key());
    if (!runId) return;
    const stop = this.renew();
    const run = await api.getRun({ params: { runId } }, { signal: stop }).catch(() => null);
    if (!run || run.finishedAt !== null || stop.aborted) return;
    this.live.set({ ...NO_LIVE, phase: 'starting', runId, version: this.session.version.get() });
    await this.follow(runId, stop);
  }

  /** Until the run ends or another takes its place here; goes on after the network was away. */
  private async follow(runId: string, stop: AbortSignal): Promise<void> {
    let lastEventId = 0;
    void this.watchQueue(runId, stop);
    while (!stop.aborted && this.isAlive()) {
      try {
        const told = await api.streamRun({ params: { runId } }, { lastEventId, signal: stop });
        for await (const { sequence, event } of told) {
          lastEventId = sequence;
          if (!stop.aborted) this.hear(event);
        }
      } catch (error) {
        if (error instanceof ProblemError) return this.endLive(sentenceOf(error));
      }
      if (!stop.aborted && this.isAlive()) await pause(LOOK_AGAIN_MS, stop);
    }
  }

  private async watchQueue(runId: string, stop: AbortSignal): Promise<void> {
    while (!stop.aborted && this.live.get().phase === 'queued') {
      await nextWord(runId, stop);
      const run = await api.getRun({ params: { runId } }, { signal: stop }).catch(() => null);
      const state = this.live.get();
      if (!run || stop.aborted || state.phase !== 'queued') continue;
      if (run.state === 'queued') this.live.set({ ...state, queuePosition: run.queuePosition });
      else if (run.state === 'running') this.live.set({ ...state, phase: 'starting', queuePosition: null });
    }
  }

  private hear(event: RunOutputEvent): void {
    const state = this.live.get();
    if (event.type === 'output') {
      const phase = state.phase === 'queued' ? 'starting' : state.phase;
      this.live.set({ ...state, phase, lines: appendOutput(state.lines, event.text, Date.now()) });
    } else if (event.type === 'listening') {
      this.live.set({ ...state, phase: event.isUp ? 'listening' : 'not_listening' });
    } else {
      const exit = event.exitCode === null ? event.exitSignal : `code ${event.exitCode}`;
      const sentence = event.message ?? `Your server has ended${exit ? ` (${exit})` : ''}.`;
      this.endLive(sentence, event.state === 'failed_by_us');
    }
  }

  private endLive(sentence: string, isOurs = false): void {
    sessionStorage.removeItem(this.key());
    this.live.set({ ...this.live.get(), phase: 'ended', sentence, isOurs, queuePosition: null });
  }

  private renew(): AbortSignal {
    this.stop.abort();
    this.stop = new AbortController();
    return this.stop.signal;
  }

  private key = () => `assay:run:${this.session.taskId}`;
}

const noAnswer = (message: string): ConsoleReply => ({ outcome: 'no_answer', message });

/** What went wrong, as its reader needs it. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ProblemError) return error.problem.detail ?? `${error.problem.title}.`;
  return OFFLINE;
}

/** Waits for the next event of a run, or for so long that it is worth looking. */
function nextWord(runId: string, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      forget();
      stop.removeEventListener('abort', settle);
      resolve();
    };
    const timer = setTimeout(settle, LOOK_AGAIN_MS);
    const forget = onAttemptEvent((event) => 'runId' in event && event.runId === runId && settle());
    stop.addEventListener('abort', settle, { once: true });
  });
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
