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

/**
 * What a worker that holds a grading's lock does with it: `begin` (it waits, or its worker was lost), `drop` (a result
 * stands or a person has it: this is a late or duplicate delivery), `give_up` (it has cost too many workers).
 */
export function decideStart(grading: { state: GradingState; starts: number }): 'begin' | 'drop' | 'give_up' {
  if (grading.state === 'completed' || grading.state === 'needs_attention') return 'drop';
  return grading.starts < MAX_STARTS ? 'begin' : 'give_up';
}

export function assertRegradable(states: readonly GradingState[]): void {
  if (states.some((state) => state === 'queued' || state === 'running')) {
    throw new AppError('grading.in_progress', 'Wait until the grading under way has ended.');
  }
}

export function assertAdoptable(state: GradingState): void {
  if (state !== 'completed') throw new AppError('grading.not_adoptable', `This grading is ${state}.`);
}
