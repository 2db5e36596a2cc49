import { describe, expect, it } from '@jest/globals';
import { type Attempt, assertRunning, assertStartable, attemptState, closingTime } from './attempt.js';

const noon = new Date('2026-01-01T12:00:00Z');
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
const fresh: Attempt = { minutes: 60, consentedAt: null, startedAt: null, closesAt: null, closedAt: null };
const running: Attempt = { ...fresh, consentedAt: noon, startedAt: noon, closesAt: closingTime(noon, 60) };

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
});
