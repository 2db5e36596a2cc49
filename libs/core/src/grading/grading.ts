import { AppError } from '../error/index.js';

export type GradingState = 'queued' | 'running' | 'completed' | 'needs_attention';

/** Our own failures before a person is asked. */
export const MAX_PLATFORM_FAILURES = 3;

/** Starts before a person is asked: something about this submission keeps killing workers. */
export const MAX_STARTS = 20;

/** Where a grading goes after a failure of ours. Never to a mark: the candidate is charged nothing. */
export function afterPlatformFailure(failuresBefore: number): { state: GradingState; failures: number } {
  const failures = failuresBefore + 1;
  return { state: failures < MAX_PLATFORM_FAILURES ? 'queued' : 'needs_attention', failures };
}

/** What counts for one grading's budget of tries. */
export interface GradingTries {
  state: GradingState;
  starts: number;
  /** Of `starts`, those before a person last asked for another try. */
  startsForgiven: number;
}

/**
 * What a worker that holds a grading's lock does with it: `begin` (it waits, or its worker was lost), `drop` (a result
 * stands or a person has it: this is a late or duplicate delivery), `give_up` (it has cost too many workers).
 */
export function decideStart({ state, starts, startsForgiven }: GradingTries): 'begin' | 'drop' | 'give_up' {
  if (state === 'completed' || state === 'needs_attention') return 'drop';
  return starts - startsForgiven < MAX_STARTS ? 'begin' : 'give_up';
}

/**
 * A person's retry: it waits again with a fresh budget of tries. `starts` is forgiven and not set back, since it fences
 * results: a worker that was given up may still come with one. Throws `grading.not_retryable` in any other state.
 */
export function afterRetry({ state, starts }: GradingTries) {
  if (state !== 'needs_attention') throw new AppError('grading.not_retryable', `This grading is ${state}.`);
  return { state: 'queued', startsForgiven: starts, platformFailures: 0 } as const;
}

export function assertRegradable(states: readonly GradingState[]): void {
  if (states.some((state) => state === 'queued' || state === 'running')) {
    throw new AppError('grading.in_progress', 'Wait until the grading under way has ended.');
  }
}

export function assertAdoptable(state: GradingState): void {
  if (state !== 'completed') throw new AppError('grading.not_adoptable', `This grading is ${state}.`);
}
