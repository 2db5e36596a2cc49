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

/** Whether a worker that holds the grading's lock may begin it. A result that stands is never written again. */
export function mayBegin(grading: { state: GradingState; starts: number }): boolean {
  return grading.state === 'queued' || grading.state === 'running';
}

export function assertRegradable(states: readonly GradingState[]): void {
  if (states.some((state) => state === 'queued' || state === 'running')) {
    throw new AppError('grading.in_progress', 'Wait until the grading under way has ended.');
  }
}

export function assertAdoptable(state: GradingState): void {
  if (state !== 'completed') throw new AppError('grading.not_adoptable', `This grading is ${state}.`);
}
