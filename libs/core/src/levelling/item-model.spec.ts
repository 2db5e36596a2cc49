import { describe, expect, it } from '@jest/globals';
import { type CheckItem, checkItem, checkSlope, type LogLikelihoodSlope, ratingSlope } from './item-model.js';
import { CUT_BY_LEVEL, RATING_SCORES, type TargetLevel } from './vocabulary.js';

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const STEP = 1e-3;

/** Score and information of `logLikelihood` at `eta` by central differences. */
function differentiate(logLikelihood: (eta: number) => number, eta: number): LogLikelihoodSlope {
  const [before, here, after] = [logLikelihood(eta - STEP), logLikelihood(eta), logLikelihood(eta + STEP)];
  return { score: (after - before) / (2 * STEP), information: -(after - 2 * here + before) / STEP ** 2 };
}
function expectAgreement(analytic: LogLikelihoodSlope, numeric: LogLikelihoodSlope): void {
  expect(analytic.score).toBeCloseTo(numeric.score, 5);
  expect(analytic.information).toBeCloseTo(numeric.information, 5);
}
const ETAS = [-5, -2, -0.3, 0, 0.8, 2.5, 5];

describe('checkItem', () => {
  it.each<TargetLevel>(['junior', 'mid', 'senior'])('puts a %s check half a unit below its cut', (level) => {
    const { discrimination, difficulty, guess, ceiling } = checkItem(level);
    expect(difficulty).toBe(CUT_BY_LEVEL[level] - 0.5);
    expect([guess, ceiling]).toEqual([0, 0.96]);
    // 1.2/√(1 + .346·1.44·.49): the tag's uncertainty flattens it
    expect(discrimination).toBeCloseTo(1.0758, 4);
  });
});

describe('checkSlope', () => {
  const quizItem: CheckItem = { discrimination: 1.4, difficulty: 0.2, guess: 0.25, ceiling: 0.96 };
  it.each([checkItem('junior'), checkItem('senior'), quizItem])(
    'is the derivative of log P for %j',
    (item) => {
      const pass = (eta: number): number =>
        item.guess + (item.ceiling - item.guess) * logistic(item.discrimination * (eta - item.difficulty));
      for (const eta of ETAS) {
        expectAgreement(
          checkSlope(item, true, eta),
          differentiate((x) => Math.log(pass(x)), eta),
        );
        expectAgreement(
          checkSlope(item, false, eta),
          differentiate((x) => Math.log(1 - pass(x)), eta),
        );
      }
    },
  );

  it('takes a slip by someone far above the item for little news', () => {
    const [near, far] = [1, 5].map((eta) => checkSlope(checkItem('junior'), false, eta));
    expect(Math.abs(far?.score ?? 9)).toBeLessThan(Math.abs(near?.score ?? 0) / 5);
    expect(far?.information).toBeLessThan(0);
  });
});

describe('ratingSlope', () => {
  it.each(RATING_SCORES)('is the derivative of log P(r = %i)', (score) => {
    const atLeast = (k: number, eta: number): number =>
      k === 1 ? 1 : k === 5 ? 0 : logistic(1.5 * (eta - (k - 3) * 1.5));
    const logP = (eta: number): number => Math.log(atLeast(score, eta) - atLeast(score + 1, eta));
    for (const eta of ETAS) expectAgreement(ratingSlope(score, eta), differentiate(logP, eta));
  });
});
