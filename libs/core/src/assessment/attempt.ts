import { AppError } from '../error/index.js';

/** One candidate's sitting. All instants are the database's, so that no two clocks are ever compared. */
export interface Attempt {
  minutes: number;
  consentedAt: Date | null;
  startedAt: Date | null;
  closesAt: Date | null;
  closedAt: Date | null;
}

export type AttemptState = 'invited' | 'consented' | 'running' | 'closed';

/** An attempt is over the moment its time is, even before the sweeper has written that down. */
export function attemptState(attempt: Attempt, now: Date): AttemptState {
  if (attempt.closedAt || (attempt.closesAt && attempt.closesAt <= now)) return 'closed';
  if (attempt.startedAt) return 'running';
  return attempt.consentedAt ? 'consented' : 'invited';
}

export function assertNotClosed(attempt: Attempt, now: Date): void {
  if (attemptState(attempt, now) === 'closed') {
    throw new AppError('attempt.closed', 'Your time is over. What was saved by then has been submitted.');
  }
}

/** Saving, running and submitting need a running clock. */
export function assertRunning(attempt: Attempt, now: Date): void {
  assertNotClosed(attempt, now);
  if (!attempt.startedAt) throw new AppError('attempt.not_started', 'Start the clock first.');
}

export function assertStartable(attempt: Attempt, now: Date): void {
  assertNotClosed(attempt, now);
  if (!attempt.consentedAt) {
    throw new AppError('attempt.consent_required', 'Read what is recorded and agree to it, then start.');
  }
}

export function closingTime(startedAt: Date, minutes: number): Date {
  return new Date(startedAt.getTime() + minutes * 60_000);
}

/** What a candidate agrees to before the start. The exact text is kept with the attempt. */
export const CONSENT_TEXT = [
  'Your files are saved as you work and submitted when you say so or when the time is over.',
  'Automatic checks grade how your server behaves: what it answers, edge cases, security, operation and speed.',
  'Your level is estimated from those checks. A person decides, never the program.',
  'We record your files, your runs, your submissions and their times. There is no camera and no screen recording.',
].join(' ');
