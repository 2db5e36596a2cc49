import { AppError } from '../error/index.js';
import { type Attempt, assertRunning } from './attempt.js';
import { isTimeOver } from './clock.js';

export type SubmissionReason = 'candidate' | 'expired';

/** What submitting needs of the store, within one transaction that holds the attempt's row. */
export interface SubmissionStore {
  readonly attempt: Attempt;
  /** The database's clock. */
  readonly now: Date;
  /** The last sign of life of an API of ours; null when none is known. */
  readonly aliveUntil: Date | null;
  unsubmittedTaskIds(): Promise<string[]>;
  /** Snapshot, submission, queued grading and events. Rejects if the task is not in this attempt. */
  submit(taskId: string, reason: SubmissionReason): Promise<Submitted>;
  close(): Promise<void>;
}

export interface Submitted {
  submissionId: string;
  taskId: string;
  gradingId: string;
  /** Its grading's place in the fair order of the queue, and how many are before it, itself included. */
  turn: number;
  queuePosition: number | null;
  files: number;
  sha256: string;
  submittedAt: Date;
}

/** Submits one task for good. The last task of an attempt closes it. */
export async function submitTask(store: SubmissionStore, taskId: string): Promise<Submitted> {
  const waiting = await store.unsubmittedTaskIds();
  // Before the clock: to be told "closed" about a task that was submitted would only confuse.
  if (!waiting.includes(taskId)) {
    throw new AppError(
      'submission.final',
      'This task is submitted already. What you sent then is what is graded.',
    );
  }
  assertRunning(store.attempt, store.now);
  const submitted = await store.submit(taskId, 'candidate');
  if (waiting.length === 1) await store.close();
  return submitted;
}

/** Closes an attempt whose time is over and submits what is saved of every open task. Doing it twice changes nothing. */
export async function expireAttempt(store: SubmissionStore): Promise<Submitted[]> {
  const { attempt, now, aliveUntil } = store;
  if (attempt.closedAt || !attempt.closesAt || !isTimeOver(attempt.closesAt, now, aliveUntil)) return [];
  const submitted: Submitted[] = [];
  for (const taskId of await store.unsubmittedTaskIds())
    submitted.push(await store.submit(taskId, 'expired'));
  await store.close();
  return submitted;
}
