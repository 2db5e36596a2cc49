import { describe, expect, it } from '@jest/globals';
import { expireAttempt, type SubmissionStore, type Submitted, submitTask } from './submit-task.js';

const noon = new Date('2026-01-01T12:00:00Z');
const atMinute = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

/** A store in memory: what was done to it can be read off. */
function storeAt(now: Date, open: string[]) {
  const done: string[] = [];
  const store: SubmissionStore = {
    attempt: {
      minutes: 60,
      consentedAt: noon,
      startedAt: noon,
      closesAt: atMinute(60),
      closedAt: null,
      withdrawnAt: null,
      breakEndsAt: null,
    },
    now,
    aliveUntil: now,
    unsubmittedTaskIds: async () => [...open],
    submit: async (taskId, reason) => {
      open.splice(open.indexOf(taskId), 1);
      done.push(`${taskId} by ${reason}`);
      return { submissionId: taskId } as Submitted;
    },
    close: async () => void done.push('close'),
  };
  return { store, done };
}

describe('submitting', () => {
  it('keeps the attempt open while tasks are left, and closes it with the last', async () => {
    const { store, done } = storeAt(atMinute(10), ['a', 'b']);
    await submitTask(store, 'a');
    expect(done).toEqual(['a by candidate']);
    await submitTask(store, 'b');
    expect(done).toEqual(['a by candidate', 'b by candidate', 'close']);
  });

  it('is final, and says so even after the time', async () => {
    const { store } = storeAt(atMinute(90), ['b']);
    await expect(submitTask(store, 'a')).rejects.toMatchObject({ code: 'submission.final' });
  });

  it('is refused after the time: what was saved by then is submitted instead', async () => {
    const { store, done } = storeAt(atMinute(60), ['a']);
    await expect(submitTask(store, 'a')).rejects.toMatchObject({ code: 'attempt.closed' });
    expect(done).toEqual([]);
  });
});

describe('expiry', () => {
  it('submits every open task, then closes', async () => {
    const { store, done } = storeAt(atMinute(60), ['a', 'b']);
    expect(await expireAttempt(store)).toHaveLength(2);
    expect(done).toEqual(['a by expired', 'b by expired', 'close']);
  });

  it('waits for a sign of life from after its end, so that no outage is taken for the end', async () => {
    const unseen = storeAt(atMinute(61), ['a']);
    const aliveUntil = new Date(atMinute(60).getTime() - 1);
    expect(await expireAttempt({ ...unseen.store, aliveUntil })).toEqual([]);
    expect(unseen.done).toEqual([]);
    expect(await expireAttempt({ ...unseen.store, aliveUntil: atMinute(60) })).toHaveLength(1);
    const unknown = storeAt(atMinute(61), ['a']);
    expect(await expireAttempt({ ...unknown.store, aliveUntil: null })).toHaveLength(1);
  });

  it('does nothing a moment too early, or when somebody was faster', async () => {
    const early = storeAt(new Date(atMinute(60).getTime() - 1), ['a']);
    expect(await expireAttempt(early.store)).toEqual([]);
    const late = storeAt(atMinute(61), ['a']);
    const closed = { ...late.store, attempt: { ...late.store.attempt, closedAt: atMinute(60) } };
    expect(await expireAttempt(closed)).toEqual([]);
    expect([...early.done, ...late.done]).toEqual([]);
  });
});
