import { describe, expect, it } from '@jest/globals';
import {
  type Attempt,
  assertReadable,
  assertRunning,
  assertStartable,
  assertWithdrawalUndoable,
  assertWorkable,
  attemptState,
} from './attempt.js';

const noon = new Date('2026-01-01T12:00:00Z');
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
const fresh: Attempt = {
  minutes: 60,
  consentedAt: null,
  startedAt: null,
  closesAt: null,
  closedAt: null,
  withdrawnAt: null,
  breakEndsAt: null,
};
const running: Attempt = { ...fresh, consentedAt: noon, startedAt: noon, closesAt: later(60) };

describe('an attempt', () => {
  it('goes from invited over consented and running to closed', () => {
    expect(attemptState(fresh, noon)).toBe('invited');
    expect(attemptState({ ...fresh, consentedAt: noon }, noon)).toBe('consented');
    expect(attemptState(running, later(59))).toBe('running');
    expect(attemptState({ ...running, closedAt: later(5) }, later(6))).toBe('closed');
  });

  it('is over at its time to the millisecond, even before anybody wrote that down', () => {
    expect(attemptState(running, new Date(later(60).getTime() - 1))).toBe('running');
    expect(attemptState(running, later(60))).toBe('closed');
  });

  it('starts only after consent, and never again once closed', () => {
    expect(() => assertStartable(fresh, noon)).toThrow(
      expect.objectContaining({ code: 'attempt.consent_required' }),
    );
    expect(() => assertStartable({ ...fresh, consentedAt: noon }, noon)).not.toThrow();
    expect(() => assertStartable(running, later(61))).toThrow(
      expect.objectContaining({ code: 'attempt.closed' }),
    );
  });

  it('takes work only while its clock runs', () => {
    expect(() => assertRunning({ ...fresh, consentedAt: noon }, noon)).toThrow(
      expect.objectContaining({ code: 'attempt.not_started' }),
    );
    expect(() => assertRunning(running, later(30))).not.toThrow();
    expect(() => assertRunning(running, later(60))).toThrow(
      expect.objectContaining({ code: 'attempt.closed' }),
    );
  });

  const refusal = (code: string) => expect.objectContaining({ code });
  const consented = { ...fresh, consentedAt: noon };

  it('is hidden and takes nothing during a break, which ends by itself', () => {
    const onBreak = { ...running, breakEndsAt: later(20) };
    for (const open of [assertReadable, assertWorkable]) {
      expect(() => open(onBreak, false, later(10))).toThrow(refusal('attempt.on_break'));
      expect(() => open(onBreak, false, later(20))).not.toThrow();
    }
  });

  it('has a practice from consent until the clock starts', () => {
    for (const open of [assertReadable, assertWorkable]) {
      expect(() => open(fresh, true, noon)).toThrow(refusal('attempt.consent_required'));
      expect(() => open(consented, true, noon)).not.toThrow();
      expect(() => open(running, true, later(1))).toThrow(refusal('attempt.practice_over'));
      expect(() => open({ ...consented, closedAt: noon }, true, later(1))).toThrow(refusal('attempt.closed'));
    }
    expect(() => assertWorkable(consented, false, noon)).toThrow(refusal('attempt.not_started'));
  });

  it('can be read after its end, and changed no more', () => {
    const closed = { ...running, closedAt: later(30), breakEndsAt: later(60) };
    expect(() => assertReadable(closed, false, later(40))).not.toThrow();
    expect(() => assertWorkable(closed, false, later(40))).toThrow(refusal('attempt.closed'));
  });

  it('can be taken up again for ten minutes after a withdrawal', () => {
    expect(() => assertWithdrawalUndoable(noon, new Date(later(10).getTime() - 1))).not.toThrow();
    expect(() => assertWithdrawalUndoable(noon, later(10))).toThrow(refusal('withdrawal.final'));
  });
});
