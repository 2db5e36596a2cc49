import { describe, expect, it } from '@jest/globals';
import {
  afterPlatformFailure,
  afterRetry,
  assertAdoptable,
  assertRegradable,
  decideStart,
  MAX_STARTS,
} from './grading.js';

describe('a grading', () => {
  it('is begun when it waits or lost its worker, dropped when it has ended, given up after too many starts', () => {
    const fresh = { starts: 0, startsForgiven: 0 };
    expect(decideStart({ ...fresh, state: 'queued' })).toBe('begin');
    expect(decideStart({ ...fresh, state: 'running', starts: MAX_STARTS - 1 })).toBe('begin');
    expect(decideStart({ ...fresh, state: 'running', starts: MAX_STARTS })).toBe('give_up');
    expect(decideStart({ ...fresh, state: 'completed', starts: 1 })).toBe('drop');
    expect(decideStart({ ...fresh, state: 'needs_attention', starts: MAX_STARTS })).toBe('drop');
  });

  it('waits again after two failures of ours, and for a person after the third', () => {
    expect(afterPlatformFailure(0)).toEqual({ state: 'queued', failures: 1 });
    expect(afterPlatformFailure(1)).toEqual({ state: 'queued', failures: 2 });
    expect(afterPlatformFailure(2)).toEqual({ state: 'needs_attention', failures: 3 });
  });

  it('that a person retries has a fresh budget, and its starts go on being counted', () => {
    const givenUp = { state: 'needs_attention', starts: MAX_STARTS, startsForgiven: 0 } as const;
    const retried = { ...givenUp, ...afterRetry(givenUp) };
    expect(retried).toEqual({
      state: 'queued',
      starts: MAX_STARTS,
      startsForgiven: MAX_STARTS,
      platformFailures: 0,
    });
    expect(decideStart(retried)).toBe('begin');
    expect(decideStart({ ...retried, starts: 2 * MAX_STARTS })).toBe('give_up');
    for (const state of ['queued', 'running', 'completed'] as const) {
      expect(() => afterRetry({ ...givenUp, state })).toThrow(
        expect.objectContaining({ code: 'grading.not_retryable' }),
      );
    }
  });

  it('may be repeated when none is under way, and adopted when it is completed', () => {
    expect(() => assertRegradable(['completed', 'needs_attention'])).not.toThrow();
    expect(() => assertRegradable(['completed', 'queued'])).toThrow(
      expect.objectContaining({ code: 'grading.in_progress' }),
    );
    expect(() => assertAdoptable('completed')).not.toThrow();
    expect(() => assertAdoptable('running')).toThrow(
      expect.objectContaining({ code: 'grading.not_adoptable' }),
    );
  });
});
