import type { LogLikelihoodSlope } from './item-model.js';
import { entry, factorCholesky, invertFromCholesky, SquareMatrix } from './linear-algebra.js';
import { NORMAL_QUADRATURE } from './normal-distribution.js';

/** One response as the fit sees it: its η is the sum of the latents at `positions`. */
export interface Observation {
  positions: readonly number[];
  slopeAt(eta: number): LogLikelihoodSlope;
}

export interface GaussianFit {
  mean: readonly number[];
  covariance: SquareMatrix;
  /** Per observation, in the given order: E[d log P / dη] under the fit. */
  scores: readonly number[];
}

/** Far more than needed: usual evidence settles within twenty, the most extreme that was tried within fifty. */
const MAX_STEPS = 200;
/** Settled when no mean and no variance moves by more than this (latent units). */
const SETTLED = 1e-9;
/**
 * The Gaussian N(x, V) nearest to the posterior in KL(q‖p): at the optimum V⁻¹ = Σ0⁻¹ + Σ I·hh' and
 * Σ0⁻¹(x − x0) = Σ s·h, where s and I are the expected score and information of η ~ N(h'x, h'Vh) and h has a one at
 * each of the observation's positions (levelling.md §1, `score`). Newton's method on x with V renewed in each step.
 *
 * Unlike the sketch there it runs until it settles and not six rounds, so that the contributions of the pieces of
 * evidence add up exactly; and it needs no mode-finding first, since averaged curvature makes the prior a safe start.
 */
export function fitGaussian(
  prior: { mean: readonly number[]; covariance: SquareMatrix },
  observations: readonly Observation[],
): GaussianFit {
  const priorPrecision = invertPositiveDefinite(prior.covariance);
  if (!priorPrecision) throw new RangeError('the prior covariance is not positive definite');
  let mean = [...prior.mean];
  let covariance = prior.covariance;
  for (let step = 0; step < MAX_STEPS; step++) {
    const slopes = observations.map((observation) => expectSlope(observation, mean, covariance));
    const pulls = priorPrecision.times(mean.map((value, i) => entry(prior.mean, i) - value));
    observations.forEach(({ positions }, i) => {
      for (const position of positions) pulls[position] = entry(pulls, position) + slopeOf(slopes, i).score;
    });
    const nextCovariance = posteriorCovariance(priorPrecision, observations, slopes);
    const moves = nextCovariance.times(pulls);
    mean = mean.map((value, i) => value + entry(moves, i));
    const change = Math.max(
      ...moves.map((move, i) =>
        Math.max(Math.abs(move), Math.abs(nextCovariance.at(i, i) - covariance.at(i, i))),
      ),
    );
    covariance = nextCovariance;
    if (change < SETTLED) break;
  }
  const scores = observations.map((observation) => expectSlope(observation, mean, covariance).score);
  return { mean, covariance, scores };
}

/** Score and information of an observation, averaged over η ~ N(h'x, h'Vh). */
function expectSlope(
  { positions, slopeAt }: Observation,
  mean: readonly number[],
  covariance: SquareMatrix,
): LogLikelihoodSlope {
  let centre = 0;
  let variance = 0;
  for (const row of positions) {
    centre += entry(mean, row);
    for (const column of positions) variance += covariance.at(row, column);
  }
  const sd = Math.sqrt(variance);
  const expected = { score: 0, information: 0 };
  for (const { node, weight } of NORMAL_QUADRATURE) {
    const { score, information } = slopeAt(centre + sd * node);
    expected.score += weight * score;
    expected.information += weight * information;
  }
  return expected;
}

/** (Σ0⁻¹ + Σ I·hh')⁻¹; where surprising failures bend it out of shape, their negative information counts as none. */
function posteriorCovariance(
  priorPrecision: SquareMatrix,
  observations: readonly Observation[],
  slopes: readonly LogLikelihoodSlope[],
): SquareMatrix {
  const precisionWith = (least: number): SquareMatrix => {
    const precision = priorPrecision.copy();
    observations.forEach(({ positions }, i) => {
      const information = Math.max(least, slopeOf(slopes, i).information);
      for (const row of positions) for (const column of positions) precision.add(row, column, information);
    });
    return precision;
  };
  const covariance =
    invertPositiveDefinite(precisionWith(Number.NEGATIVE_INFINITY)) ??
    invertPositiveDefinite(precisionWith(0));
  if (!covariance) throw new RangeError('the posterior precision is not positive definite');
  return covariance;
}

function invertPositiveDefinite(matrix: SquareMatrix): SquareMatrix | null {
  const lower = factorCholesky(matrix);
  return lower && invertFromCholesky(lower);
}

function slopeOf(slopes: readonly LogLikelihoodSlope[], index: number): LogLikelihoodSlope {
  const slope = slopes[index];
  if (!slope) throw new RangeError(`no slope ${index}`);
  return slope;
}
