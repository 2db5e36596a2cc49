import { describe, expect, it } from '@jest/globals';
import { assertOutdated, compareChecks, hasFlip } from './regrade.js';

const judged = (verdicts: Record<string, string>) =>
  Object.entries(verdicts).map(([name, verdict]) => ({ name, verdict }));

describe('two gradings of one submission', () => {
  it('differ in the checks with another verdict, and in those that only one version has', () => {
    const before = judged({ same: 'passed', worse: 'passed', other: 'failed', gone: 'failed' });
    const after = judged({ new: 'passed', other: 'timed_out', worse: 'failed', same: 'passed' });
    expect(compareChecks(before, after)).toEqual([
      { check: 'worse', before: 'passed', after: 'failed' },
      { check: 'other', before: 'failed', after: 'timed_out' },
      { check: 'gone', before: 'failed', after: null },
      { check: 'new', before: null, after: 'passed' },
    ]);
  });

  it('flip when a check passes in one only', () => {
    const flips = (before: Record<string, string>, after: Record<string, string>) =>
      hasFlip(compareChecks(judged(before), judged(after)));
    expect(flips({ a: 'passed' }, { a: 'failed' })).toBe(true);
    expect(flips({ a: 'crashed' }, { a: 'passed' })).toBe(true);
    expect(flips({ a: 'passed' }, {})).toBe(true);
    expect(flips({ a: 'failed' }, { a: 'timed_out' })).toBe(false);
    expect(flips({ a: 'failed' }, {})).toBe(false);
    expect(flips({ a: 'passed' }, { a: 'passed' })).toBe(false);
  });

  it('are worth making only with a newer version', () => {
    expect(() => assertOutdated(1, 2)).not.toThrow();
    expect(() => assertOutdated(2, 2)).toThrow(expect.objectContaining({ code: 'regrade.up_to_date' }));
  });
});
