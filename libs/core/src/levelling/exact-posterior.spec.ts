import { describe, expect, it } from '@jest/globals';
import { type Evidence, estimateLevel, LEVEL_WIDTH } from './index.js';
import { COMPETENCIES, RATING_SCORES } from './vocabulary.js';

/** The fit against the exact posterior by importance sampling, written from the formulas without the model's code. */

/** The competencies drawn from; the other five have neither evidence nor weight, so they integrate out. */
const DRAWN = COMPETENCIES.slice(0, 4);
const THETAS = DRAWN.length;
// Jest's module sandbox makes each look-up of a global slow.
const { abs, cos, exp, floor, imul, log, log1p, max, min, sqrt } = Math;
const BANK = THETAS;
const SLOPE = 1.2 / sqrt(1 + 0.346 * 1.44 * 0.49);
const DIFFICULTY = { junior: -2, mid: -0.5, senior: 1 };
type Vector = number[];
const get = (vector: Vector | undefined, i: number): number => vector?.[i] ?? 0;
const logistic = (x: number): number => 1 / (1 + exp(-x));

describe('the variational fit', () => {
  it.each([1, 2, 3])('agrees with the sampled posterior of random evidence %i', (seed) => {
    const random = mulberry32(seed);
    const evidence = drawEvidence(random);
    const { overall } = estimateLevel(evidence, { async: 3, rest: 1, sql: 2 });
    const sampled = samplePosterior(evidence, [3 / 6, 1 / 6, 0, 2 / 6], random);
    expect(sampled.effectiveSamples).toBeGreaterThan(8_000);
    expect(abs(overall.mean - sampled.mean)).toBeLessThan(0.03);
    expect(abs(overall.sd - sampled.sd)).toBeLessThan(0.03);
    // levelling.md §1: largest |ΔP| of one candidate .02, and here about .005 of sampling error.
    Object.values(overall.probabilities).forEach((p, level) => {
      expect(abs(p - get(sampled.probabilities, level))).toBeLessThan(0.025);
    });
  });
});

/** Two tasks of eight checks over four competencies, the last one unweighed; one rater or two. */
function drawEvidence(random: () => number): Evidence[] {
  const pick = <T>(values: readonly T[]): T => values[floor(random() * values.length)] as T; // never empty here
  const checks = Array.from({ length: 16 }, (_, i): Evidence => {
    const [level, taskId] = [pick(['junior', 'mid', 'senior'] as const), `task ${i % 2}`];
    return {
      kind: 'check',
      id: `c${i}`,
      taskId,
      competency: pick(DRAWN),
      level,
      weight: 1,
      passed: random() < 0.6,
    };
  });
  const ratings = Array.from({ length: 3 + floor(random() * 4) }, (_, i): Evidence => {
    return {
      kind: 'rating',
      id: `r${i}`,
      raterId: `rater ${i % 2}`,
      competency: pick(DRAWN),
      score: pick(RATING_SCORES),
    };
  });
  return [...checks, ...ratings];
}

/** Adaptive importance sampling: a t₈ proposal moved and scaled to the tempered posterior, then one long run. */
function samplePosterior(evidence: Evidence[], weights: Vector, random: () => number) {
  const raters = [...new Set(evidence.flatMap((e) => (e.kind === 'rating' ? [e.raterId] : [])))];
  const size = THETAS + 3 + raters.length;
  const shared = 0.6 * 1.69 + 0.25;
  const priorCovariance = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      if (i < THETAS && j < THETAS) return shared + (i === j ? 0.4 * 1.69 : 0);
      if (i !== j) return 0;
      return i === BANK ? 0.0625 : i < BANK + 3 ? 0.52 : 0.5;
    }),
  );
  const priorFactor = cholesky(priorCovariance);
  const likelihoods = evidence.map((e) => {
    const theta = DRAWN.indexOf(e.competency);
    if (e.kind === 'check') {
      const task = BANK + 1 + Number(e.taskId.at(-1));
      return (x: Vector): number => {
        const eta = get(x, theta) + get(x, BANK) + get(x, task);
        const pass = 0.96 * logistic(SLOPE * (eta - DIFFICULTY[e.level]));
        return e.passed ? pass : 1 - pass;
      };
    }
    const rater = BANK + 3 + raters.indexOf(e.raterId);
    const thresholds = [Number.NEGATIVE_INFINITY, -1.5, 0, 1.5, Number.POSITIVE_INFINITY];
    const [from, to] = [get(thresholds, e.score - 1), get(thresholds, e.score)];
    return (x: Vector): number => {
      const eta = get(x, theta) + get(x, rater);
      return logistic(1.5 * (eta - from)) - logistic(1.5 * (eta - to));
    };
  });
  const logPosterior = (x: Vector): number => {
    let squares = 0;
    for (const z of solveLower(priorFactor, x)) squares += z * z;
    let likelihood = 1;
    for (const likelihoodOf of likelihoods) likelihood *= likelihoodOf(x);
    return log(likelihood) - squares / 2;
  };

  let mean: Vector = Array(size).fill(0);
  let covariance = priorCovariance;
  for (let round = 1; ; round++) {
    const last = round === 8;
    const centre = mean;
    const factor = cholesky(covariance.map((row) => row.map((value) => value * 1.2)));
    const draws = Array.from({ length: last ? 20_000 : 1_500 }, () => {
      const chiSquare = Array.from({ length: 8 }, () => normal(random) ** 2).reduce((a, b) => a + b);
      const t = Array.from({ length: size }, () => normal(random) * sqrt(8 / chiSquare));
      const x = multiplyLower(factor, t).map((value, i) => value + get(centre, i));
      const logProposal = -((8 + size) / 2) * log1p(t.reduce((sum, z) => sum + z * z, 0) / 8);
      return { x, logWeight: logPosterior(x) - logProposal };
    });
    const top = draws.reduce((best, draw) => max(best, draw.logWeight), Number.NEGATIVE_INFINITY);
    const raw = draws.map(({ logWeight }) => exp(min(1, round / 5) * (logWeight - top)));
    const total = raw.reduce((a, b) => a + b);
    const share = raw.map((w) => w / total);
    const expectation = (of: (x: Vector) => number): number =>
      draws.reduce((sum, { x }, i) => sum + get(share, i) * of(x), 0);
    if (last) {
      const overallOf = (x: Vector): number => weights.reduce((sum, w, i) => sum + w * get(x, i), 0);
      const overall = expectation(overallOf);
      return {
        effectiveSamples: 1 / share.reduce((sum, w) => sum + w * w, 0),
        mean: overall,
        sd: sqrt(expectation((x) => (overallOf(x) - overall) ** 2)),
        probabilities: [0, 1, 2, 3].map((level) =>
          expectation((x) => Number(min(3, max(0, floor(overallOf(x) / LEVEL_WIDTH + 2))) === level)),
        ),
      };
    }
    const moved = mean.map((_, i) => expectation((x) => get(x, i)));
    mean = moved;
    covariance = covariance.map((row, i) =>
      row.map(
        (_, j) =>
          expectation((x) => (get(x, i) - get(moved, i)) * (get(x, j) - get(moved, j))) +
          (i === j ? 1e-3 : 0),
      ),
    );
  }
}

function cholesky(matrix: Vector[]): Vector[] {
  const lower: Vector[] = [];
  matrix.forEach((row, i) => {
    const current: Vector = [];
    lower.push(current);
    for (let j = 0; j <= i; j++) {
      const rest = current
        .slice(0, j)
        .reduce((left, value, k) => left - value * get(lower[j], k), get(row, j));
      current.push(i === j ? sqrt(rest) : rest / get(lower[j], j));
    }
  });
  return lower;
}

function multiplyLower(lower: Vector[], t: Vector): Vector {
  return lower.map((row) => {
    let sum = 0;
    for (let j = 0; j < row.length; j++) sum += get(row, j) * get(t, j);
    return sum;
  });
}

function solveLower(lower: Vector[], x: Vector): Vector {
  const z: Vector = [];
  lower.forEach((row, i) => {
    let rest = get(x, i);
    for (let k = 0; k < i; k++) rest -= get(row, k) * get(z, k);
    z.push(rest / get(row, i));
  });
  return z;
}

function normal(random: () => number): number {
  return sqrt(-2 * log(1 - random())) * cos(2 * Math.PI * random());
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
