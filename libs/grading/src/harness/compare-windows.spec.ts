import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeWindows, median } from './compare-windows.js';

/** LAG of content.md §0. */
const lag = (reference: number) => Math.max(3 * reference, reference + 25);
const double = (reference: number) => 2 * reference;

describe('a round of two windows each', () => {
  test.each<[string, number[], number[], string]>([
    ['both within both limits', [10, 12], [30, 35], 'passed'],
    ['both over both limits', [10, 12], [38, 90], 'failed'],
    ['one over', [10, 12], [30, 90], 'open'],
    ['both over one limit only', [10, 20], [40, 42], 'open'],
  ])('%s', (_what, reference, candidate, verdict) => {
    expect(judgeWindows({ reference, candidate }, lag, false).verdict).toBe(verdict);
  });

  test('a failure shows the figures that decided', () => {
    expect(judgeWindows({ reference: [10, 12], candidate: [50, 60] }, lag, false)).toEqual({
      verdict: 'failed',
      reference: 12,
      limit: 37,
      candidate: 55,
    });
  });
});

describe('pooled rounds', () => {
  test('most windows decide, whichever window of the reference is asked', () => {
    const reference = [10, 12, 11, 10];
    expect(judgeWindows({ reference, candidate: [30, 90, 31, 32] }, lag, false).verdict).toBe('passed');
    expect(judgeWindows({ reference, candidate: [30, 90, 91, 92] }, lag, false).verdict).toBe('failed');
    expect(judgeWindows({ reference, candidate: [30, 90, 91, 32] }, lag, false).verdict).toBe('open');
  });

  test('the last round is decided by the medians', () => {
    const reference = [10, 10, 10, 10, 10, 10];
    expect(judgeWindows({ reference, candidate: [5, 5, 5, 30, 40, 50] }, double, true).verdict).toBe(
      'passed',
    );
    expect(judgeWindows({ reference, candidate: [5, 5, 5, 36, 40, 50] }, double, true)).toEqual({
      verdict: 'failed',
      reference: 10,
      limit: 20,
      candidate: 20.5,
    });
  });

  test('it is void when the reference itself is too noisy to say which', () => {
    const reference = [10, 10, 10, 14, 14, 14];
    const candidate = [24, 24, 24, 24, 24, 24];
    expect(judgeWindows({ reference, candidate }, double, true).verdict).toBe('void');
    // The same spread does not matter to a candidate whose median is over the limit of each window.
    const slow = [5, 5, 5, 60, 60, 60];
    expect(judgeWindows({ reference, candidate: slow }, double, true).verdict).toBe('failed');
    // A spread of less is noise that medians bear.
    const steady = [11, 11, 11, 14, 14, 14];
    expect(judgeWindows({ reference: steady, candidate }, double, true).verdict).toBe('passed');
  });
});

test('a single round that is not clear decides nothing, whatever the medians are', () => {
  expect(judgeWindows({ reference: [10, 10], candidate: [5, 1000] }, double, true).verdict).toBe('void');
});

test('median', () => {
  expect([median([3]), median([1, 2]), median([9, 1, 5])]).toEqual([3, 1.5, 5]);
});

describe('whatever is measured', () => {
  const figure = fc.double({ min: 0.001, max: 10_000, noNaN: true });
  /** As many windows of each as one to three rounds give. */
  const windows = fc.integer({ min: 1, max: 3 }).chain((rounds) =>
    fc.record({
      reference: fc.array(figure, { minLength: 2 * rounds, maxLength: 2 * rounds }),
      candidate: fc.array(figure, { minLength: 2 * rounds, maxLength: 2 * rounds }),
    }),
  );
  const limit = fc.constantFrom(lag, double);

  test('a candidate within the limit of every reference window passes at once', () => {
    fc.assert(
      fc.property(windows, limit, fc.boolean(), ({ reference, candidate }, of, isLast) => {
        const strictest = Math.min(...reference.map(of));
        const within = candidate.map((value) => Math.min(value, strictest));
        expect(judgeWindows({ reference, candidate: within }, of, isLast).verdict).toBe('passed');
      }),
    );
  });

  test('one over the limit of every reference window fails at once', () => {
    fc.assert(
      fc.property(windows, limit, fc.boolean(), ({ reference, candidate }, of, isLast) => {
        const loosest = Math.max(...reference.map(of));
        const over = candidate.map((value) => value + loosest);
        expect(judgeWindows({ reference, candidate: over }, of, isLast).verdict).toBe('failed');
      }),
    );
  });

  test('a single spoiled window, of either side, never fails a candidate who is within otherwise', () => {
    fc.assert(
      fc.property(
        windows,
        limit,
        figure,
        fc.boolean(),
        fc.boolean(),
        (drawn, of, factor, spoilsOurs, isLast) => {
          const { reference } = drawn;
          const candidate = drawn.candidate.map((value) => Math.min(value, Math.min(...reference.map(of))));
          const spoil = ([first = 0, ...rest]: readonly number[]) => [first * (1 + factor), ...rest];
          const spoiled = spoilsOurs
            ? { reference, candidate: spoil(candidate) }
            : { reference: spoil(reference), candidate };
          expect(judgeWindows(spoiled, of, isLast).verdict).not.toBe('failed');
        },
      ),
    );
  });

  test('the last round is never open, and being faster never hurts', () => {
    const worth = { passed: 2, void: 1, open: 1, failed: 0 };
    fc.assert(
      fc.property(
        windows,
        limit,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (drawn, of, share, at) => {
          const faster = drawn.candidate.map((value, n) =>
            n === at % drawn.candidate.length ? value * share : value,
          );
          const before = judgeWindows(drawn, of, true).verdict;
          const after = judgeWindows({ ...drawn, candidate: faster }, of, true).verdict;
          expect(after).not.toBe('open');
          expect(worth[after]).toBeGreaterThanOrEqual(worth[before]);
        },
      ),
    );
  });

  test('the unit does not matter, nor the order within the pool', () => {
    fc.assert(
      fc.property(windows, fc.boolean(), ({ reference, candidate }, isLast) => {
        const { verdict } = judgeWindows({ reference, candidate }, double, isLast);
        // A power of two changes no digit of a figure.
        const scaled = {
          reference: reference.map((v) => v * 1024),
          candidate: candidate.map((v) => v * 1024),
        };
        expect(judgeWindows(scaled, double, isLast).verdict).toBe(verdict);
        const turned = { reference: reference.toReversed(), candidate: candidate.toReversed() };
        expect(judgeWindows(turned, double, isLast).verdict).toBe(verdict);
      }),
    );
  });
});
