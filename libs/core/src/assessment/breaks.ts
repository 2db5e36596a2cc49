import { AppError } from '../error/index.js';
import type { Span } from './clock.js';

/** Time and breaks beyond what everybody has, for a reason of the candidate's. */
export interface Accommodation {
  /** Of the allowance; 1 to 3. */
  multiplier: number;
  breaks: number;
  /** Of all breaks together. */
  breakMinutes: number;
  relaxedTelemetry: boolean;
}

/** What is left after the breaks that were taken; null when none were approved. */
export function breaksLeft(accommodation: Accommodation | null, taken: readonly Span[]) {
  if (!accommodation || accommodation.breaks === 0) return null;
  const takenMs = taken.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);
  return {
    left: Math.max(0, accommodation.breaks - taken.length),
    minutesLeft: Math.max(0, accommodation.breakMinutes - takenMs / 60_000),
  };
}

/** Throws unless a break may begin. */
export function assertBreakLeft(accommodation: Accommodation | null, taken: readonly Span[]): void {
  const left = breaksLeft(accommodation, taken);
  if (!left) {
    throw new AppError('break.not_approved', 'Ask for breaks on the page of your attempt: a person answers.');
  }
  if (left.left === 0 || left.minutesLeft === 0) {
    throw new AppError('break.none_left', 'Your clock goes on as before. You may ask for more.');
  }
}

/** While the clock runs, what was granted is planned with: it only grows. */
export function assertOnlyMore(before: Accommodation | null, after: Accommodation): void {
  const { multiplier = 1, breaks = 0, breakMinutes = 0 } = before ?? {};
  if (after.multiplier < multiplier || after.breaks < breaks || after.breakMinutes < breakMinutes) {
    throw new AppError(
      'accommodation.only_more',
      `The clock runs, with a multiplier of ${multiplier} and ${breaks} breaks of ${breakMinutes} minutes together: give as much or more.`,
    );
  }
}
