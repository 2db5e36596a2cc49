import { AppError } from '../error/index.js';

/** One candidate's sitting. All instants are the database's, so that no two clocks are ever compared. */
export interface Attempt {
  minutes: number;
  consentedAt: Date | null;
  startedAt: Date | null;
  /** With all credits that are known. */
  closesAt: Date | null;
  closedAt: Date | null;
  withdrawnAt: Date | null;
  /** Of the break that is on: when its minutes are used up. It is over then, whoever has noticed. */
  breakEndsAt: Date | null;
}

export type AttemptState = 'invited' | 'consented' | 'running' | 'closed';

/** An attempt is over the moment its time is, even before the sweeper has written that down. */
export function attemptState(attempt: Attempt, now: Date): AttemptState {
  if (attempt.closedAt || (attempt.closesAt && attempt.closesAt <= now)) return 'closed';
  if (attempt.startedAt) return 'running';
  return attempt.consentedAt ? 'consented' : 'invited';
}

export function assertNotClosed(attempt: Attempt, now: Date): void {
  if (attemptState(attempt, now) !== 'closed') return;
  throw new AppError(
    'attempt.closed',
    attempt.withdrawnAt
      ? 'You have withdrawn. For a few minutes you can take that back.'
      : 'Your time is over. What was saved by then has been submitted.',
  );
}

export function isOnBreak(attempt: Pick<Attempt, 'breakEndsAt' | 'closedAt'>, now: Date): boolean {
  return attempt.closedAt === null && attempt.breakEndsAt !== null && attempt.breakEndsAt > now;
}

/** A break hides the tasks: to read on while the clock stands still would be no break. */
function assertNotOnBreak(attempt: Attempt, now: Date): void {
  if (isOnBreak(attempt, now))
    throw new AppError('attempt.on_break', 'Your clock stands still. End the break to go on.');
}

/** Saving, running and submitting need a running clock. */
export function assertRunning(attempt: Attempt, now: Date): void {
  assertNotClosed(attempt, now);
  if (!attempt.startedAt) throw new AppError('attempt.not_started', 'Start the clock first.');
  assertNotOnBreak(attempt, now);
}

/** The practice is open from consent until the clock starts, and gone after. */
function assertPractising(attempt: Attempt, now: Date): void {
  assertNotClosed(attempt, now);
  if (attempt.startedAt)
    throw new AppError('attempt.practice_over', 'Your clock has started: go on with your tasks.');
  if (!attempt.consentedAt)
    throw new AppError('attempt.consent_required', 'Read what is recorded and agree to it first.');
}

/** Throws unless files of this task may be changed and run now. That a task was submitted is looked at elsewhere. */
export function assertWorkable(attempt: Attempt, isPractice: boolean, now: Date): void {
  if (isPractice) assertPractising(attempt, now);
  else assertRunning(attempt, now);
}

/** Throws unless this task, its files and its runs may be read now: those of the assessment also after the end. */
export function assertReadable(attempt: Attempt, isPractice: boolean, now: Date): void {
  if (isPractice) assertPractising(attempt, now);
  else assertNotOnBreak(attempt, now);
}

export function assertStartable(attempt: Attempt, now: Date): void {
  assertNotClosed(attempt, now);
  if (!attempt.consentedAt) {
    throw new AppError('attempt.consent_required', 'Read what is recorded and agree to it, then start.');
  }
}

/** For how long a withdrawal can be taken back. */
export const WITHDRAWAL_UNDO_MS = 10 * 60_000;

/** When a withdrawal can no longer be taken back. */
export function withdrawalFinalAt(withdrawnAt: Date): Date {
  return new Date(withdrawnAt.getTime() + WITHDRAWAL_UNDO_MS);
}

export function assertWithdrawalUndoable(withdrawnAt: Date, now: Date): void {
  if (withdrawalFinalAt(withdrawnAt) > now) return;
  throw new AppError('withdrawal.final', 'Ask the person who invited you if you want to go on after all.');
}

/** An appeal is answered within seven days. */
const APPEAL_DUE_MS = 7 * 24 * 3_600_000;

export function appealDueAt(sentAt: Date): Date {
  return new Date(sentAt.getTime() + APPEAL_DUE_MS);
}
