/**
 * The decision of `compare` (docs/adr/0009): from windows that were measured in the order reference, candidate,
 * candidate, reference, lower being better. One figure a window; what disturbs the machine for a while spoils a window or
 * two, of either side, so that no single window decides anything.
 */

export interface Windows {
  reference: readonly number[];
  candidate: readonly number[];
}

/** `void`: the machine was too noisy to tell. `open`: another round is needed. */
export type Judgement =
  | { verdict: 'passed' | 'open' | 'void' }
  /** The figures that decided. */
  | { verdict: 'failed'; reference: number; limit: number; candidate: number };

/** More between the reference's windows means that the machine, not the solution, was measured (content.md §0). */
const TOLERABLE_SPREAD = 0.3;

/**
 * Passes when most of the candidate's windows are within the limit whichever window of the reference is asked, fails when
 * most are over it whichever is asked; in a round of two "most" is both. When neither holds after several rounds, the
 * medians decide, unless the reference's windows spread too far and the decision hangs on which of them is taken.
 */
export function judgeWindows(
  windows: Windows,
  limit: (reference: number) => number,
  isLast: boolean,
): Judgement {
  const { reference, candidate } = windows;
  const limits = reference.map(limit);
  const strictest = Math.min(...limits);
  const loosest = Math.max(...limits);
  const most = candidate.length / 2;
  const middle = median(candidate);
  if (candidate.filter((value) => value <= strictest).length > most) return { verdict: 'passed' };
  if (candidate.filter((value) => value > loosest).length > most) {
    const decisive = reference[limits.indexOf(loosest)] ?? Number.NaN; // limits has an entry for each window
    return { verdict: 'failed', reference: decisive, limit: loosest, candidate: middle };
  }
  if (!isLast) return { verdict: 'open' };
  // One spoiled window of two would be enough to move their median anywhere.
  if (candidate.length === 2) return { verdict: 'void' };

  const hangsOnTheWindow = middle > strictest && middle <= loosest;
  if (hangsOnTheWindow && spreadOf(reference) > TOLERABLE_SPREAD) return { verdict: 'void' };
  const usual = median(reference);
  const usualLimit = limit(usual);
  return middle <= usualLimit
    ? { verdict: 'passed' }
    : { verdict: 'failed', reference: usual, limit: usualLimit, candidate: middle };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const at = (index: number) => sorted[index] ?? Number.NaN; // both indexes lie inside a list that is not empty
  return (at(Math.ceil(half) - 1) + at(Math.floor(half))) / 2;
}

/** Between the smallest and the largest, as a share of the median. */
function spreadOf(values: readonly number[]): number {
  const range = Math.max(...values) - Math.min(...values);
  return range === 0 ? 0 : range / median(values);
}
