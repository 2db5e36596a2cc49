import type { CandidateEvent } from '@assay/contracts/events';
import { observable, useObservable } from './observable.js';

/** How far the grading of a submission is: checks done, of how many. */
export interface GradingProgress {
  done: number;
  total: number;
}

const known = observable<Record<string, GradingProgress>>({});

/** Keeps what an event tells of a grading. One that starts again, since we failed, counts from the beginning. */
export function noteGrading(event: CandidateEvent): void {
  if (event.type === 'grading.progressed') {
    known.set({ ...known.get(), [event.submissionId]: { done: event.done, total: event.total } });
  }
  if (event.type === 'grading.started') {
    const { [event.submissionId]: _, ...others } = known.get();
    known.set(others);
  }
}

/** Undefined until the first check is done. */
export const useGradingProgress = (submissionId: string): GradingProgress | undefined =>
  useObservable(known)[submissionId];
