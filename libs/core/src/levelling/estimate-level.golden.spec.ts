import { describe, expect, it } from '@jest/globals';
import { type Evidence, estimateLevel, type TargetLevel } from './index.js';

/**
 * The golden example of levelling.md §5.7: two competencies, one task with a junior, a mid and a senior check of each,
 * one rater, equal weights; passes 110|100, ratings 3 and 2.
 */
function check(id: string, competency: 'async' | 'rest', level: TargetLevel, passed: boolean): Evidence {
  return { kind: 'check', id, taskId: 'task', competency, level, weight: 1, passed };
}
const GOLDEN: Evidence[] = [
  check('1', 'async', 'junior', true),
  check('2', 'async', 'mid', true),
  check('3', 'async', 'senior', false),
  check('4', 'rest', 'junior', true),
  check('5', 'rest', 'mid', false),
  check('6', 'rest', 'senior', false),
  { kind: 'rating', id: '7', raterId: 'rater', competency: 'async', score: 3 },
  { kind: 'rating', id: '8', raterId: 'rater', competency: 'rest', score: 2 },
];

describe('the golden example', () => {
  const estimate = estimateLevel(GOLDEN, { async: 1, rest: 1 });
  const [async, rest] = estimate.competencies;

  it('is within .002 of the published posterior', () => {
    const reached = [
      async?.mean,
      async?.sd,
      rest?.mean,
      rest?.sd,
      estimate.overall.mean,
      estimate.overall.sd,
    ];
    const published = [0.251, 0.812, -0.518, 0.812, -0.134, 0.689];
    published.forEach((value, i) => {
      expect(Math.abs((reached[i] ?? Number.NaN) - value)).toBeLessThan(0.002);
    });
  });

  it('is within .002 of the published level probabilities', () => {
    const { below_junior, junior, mid, senior } = estimate.overall.probabilities;
    const published = [0.024, 0.554, 0.413, 0.009];
    [below_junior, junior, mid, senior].forEach((value, i) => {
      expect(Math.abs(value - (published[i] ?? Number.NaN))).toBeLessThan(0.002);
    });
    expect(estimate.overall.statement).toEqual({ kind: 'between', lower: 'junior', upper: 'mid' });
  });

  it('gives the published contributions, in the order checks of one, checks of the other, ratings', () => {
    const published = [0.205, 0.618, -0.498, 0.381, -0.727, -0.293, 0.521, -0.34];
    estimate.contributions.forEach(({ id, contribution, levelSteps }, i) => {
      expect(id).toBe(GOLDEN[i]?.id);
      expect(contribution).toBeCloseTo(published[i] ?? Number.NaN, 3);
      expect(levelSteps).toBeCloseTo(contribution / 1.5, 12);
    });
    expect(estimate.contributions).toHaveLength(8);
  });

  it('agrees with a numerical posterior that shares no code with the model', () => {
    const exact = integrateGolden();
    const reached = {
      async: async?.mean,
      rest: rest?.mean,
      overall: estimate.overall.mean,
      sd: estimate.overall.sd,
    };
    for (const [name, value] of Object.entries(reached)) {
      expect(Math.abs((value ?? Number.NaN) - exact[name as keyof typeof exact])).toBeLessThan(0.002);
    }
  });
});

/** Brute force over a grid of both competencies; task (with bank) and rater are integrated out for each point. */
function integrateGolden(): { async: number; rest: number; overall: number; sd: number } {
  const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
  const slope = 1.2 / Math.sqrt(1 + 0.346 * 1.44 * 0.49);
  const pass = (eta: number, difficulty: number): number => 0.96 * logistic(slope * (eta - difficulty));
  const checks = (eta: number, passes: number): number =>
    [-2, -0.5, 1].reduce((product, b, i) => product * (i < passes ? pass(eta, b) : 1 - pass(eta, b)), 1);
  const rated3 = (eta: number): number => logistic(1.5 * eta) - logistic(1.5 * (eta - 1.5));
  const rated2 = (eta: number): number => logistic(1.5 * (eta + 1.5)) - logistic(1.5 * eta);
  const nuisance = (variance: number): { value: number; weight: number }[] =>
    Array.from({ length: 41 }, (_, i) => (i - 20) / 4).map((z) => ({
      value: z * Math.sqrt(variance),
      weight: Math.exp((-z * z) / 2),
    }));
  const tasks = nuisance(0.36 + 0.16 + 0.0625);
  const raters = nuisance(0.5);
  const axis = Array.from({ length: 71 }, (_, i) => -5 + i / 7);
  const variance = 1.69 + 0.25;
  const covariance = 0.6 * 1.69 + 0.25;
  const determinant = variance ** 2 - covariance ** 2;
  let total = 0;
  const sums = { async: 0, rest: 0, square: 0 };
  for (const one of axis) {
    for (const other of axis) {
      const form = (variance * (one * one + other * other) - 2 * covariance * one * other) / determinant;
      const byTask = tasks.reduce(
        (sum, t) => sum + t.weight * checks(one + t.value, 2) * checks(other + t.value, 1),
        0,
      );
      const byRater = raters.reduce(
        (sum, r) => sum + r.weight * rated3(one + r.value) * rated2(other + r.value),
        0,
      );
      const mass = Math.exp(-form / 2) * byTask * byRater;
      total += mass;
      sums.async += mass * one;
      sums.rest += mass * other;
      sums.square += mass * ((one + other) / 2) ** 2;
    }
  }
  const overall = (sums.async + sums.rest) / 2 / total;
  return {
    async: sums.async / total,
    rest: sums.rest / total,
    overall,
    sd: Math.sqrt(sums.square / total - overall ** 2),
  };
}
