import { type Evidence, orderEvidence, type RoleWeights } from './evidence.js';
import { type Contribution, explainContribution } from './explain.js';
import { checkItem, checkSlope, ratingSlope } from './item-model.js';
import { entry } from './linear-algebra.js';
import { buildPrior, competencyPosition } from './prior.js';
import { type LevelProbabilities, type LevelStatement, levelProbabilities, stateLevel } from './statement.js';
import { fitGaussian, type Observation } from './variational-fit.js';
import { COMPETENCIES, type Competency } from './vocabulary.js';

/**
 * What a competency's estimate rests on: `evidence` of its own; `inferred` from the overall profile, since it has fewer
 * than three checks and no rating; `no_evidence`: nothing of its own at all.
 */
export type EstimateBasis = 'evidence' | 'inferred' | 'no_evidence';

/** A Gaussian posterior on the latent scale (cuts at −1.5, 0, 1.5), and what may be said of it. */
export interface Estimate {
  mean: number;
  sd: number;
  probabilities: LevelProbabilities;
  statement: LevelStatement;
}

export interface CompetencyEstimate extends Estimate {
  competency: Competency;
  checks: number;
  ratings: number;
  basis: EstimateBasis;
}

export interface LevelEstimate {
  /** Every competency that the role weighs or that has evidence, in the vocabulary's order. */
  competencies: readonly CompetencyEstimate[];
  /** Of Σ w·θ over the role's competencies, w normalised. */
  overall: Estimate;
  /** One per piece of evidence, in the order given. */
  contributions: readonly Contribution[];
}

const CHECKS_TO_STAND_ALONE = 3;

/**
 * Where a candidate stands, with its uncertainty and what each piece of evidence did to it (levelling.md §1 with the
 * defaults that hold before any recalibration). Deterministic; well under a millisecond for usual evidence.
 *
 * Throws RangeError when no competency is weighed, a weight is not a positive number, or a score is no anchored point.
 */
export function estimateLevel(evidence: readonly Evidence[], roleWeights: RoleWeights): LevelEstimate {
  const weights = normaliseWeights(roleWeights);
  const ordered = orderEvidence(evidence);
  const prior = buildPrior(ordered);
  const observations = ordered.map(
    (piece): Observation => ({ positions: prior.positionsOf(piece), slopeAt: slopeOfEvidence(piece) }),
  );
  const fit = fitGaussian(prior, observations);

  const loadings = prior.mean.map(() => 0);
  for (const [competency, weight] of weights) loadings[competencyPosition(competency)] = weight;
  const overallMean = loadings.reduce((sum, weight, position) => sum + weight * entry(fit.mean, position), 0);
  const overallSd = Math.sqrt(fit.covariance.quadraticForm(loadings));

  const scores = new Map(ordered.map((piece, i) => [piece, entry(fit.scores, i)]));
  return {
    competencies: COMPETENCIES.flatMap((competency) => {
      const own = evidence.filter((piece) => piece.competency === competency);
      if (own.length === 0 && !weights.has(competency)) return [];
      const position = competencyPosition(competency);
      const checks = own.filter((piece) => piece.kind === 'check').length;
      const ratings = own.length - checks;
      const basis = basisOf(checks, ratings);
      const sd = Math.sqrt(fit.covariance.at(position, position));
      return {
        competency,
        ...estimate(entry(fit.mean, position), sd, own.length > 0),
        checks,
        ratings,
        basis,
      };
    }),
    overall: estimate(overallMean, overallSd, evidence.length > 0),
    contributions: evidence.map((piece) => explainContribution(piece, scores.get(piece) ?? 0, weights)),
  };
}

function estimate(mean: number, sd: number, hasEvidence: boolean): Estimate {
  const probabilities = levelProbabilities(mean, sd);
  return {
    mean,
    sd,
    probabilities,
    statement: hasEvidence ? stateLevel(probabilities) : { kind: 'no_evidence' },
  };
}

function basisOf(checks: number, ratings: number): EstimateBasis {
  if (ratings > 0 || checks >= CHECKS_TO_STAND_ALONE) return 'evidence';
  return checks > 0 ? 'inferred' : 'no_evidence';
}

function slopeOfEvidence(piece: Evidence): Observation['slopeAt'] {
  if (piece.kind === 'rating') return (eta) => ratingSlope(piece.score, eta);
  const item = checkItem(piece.level);
  return (eta) => checkSlope(item, piece.passed, eta);
}

/** Weights that add up to 1. */
function normaliseWeights(roleWeights: RoleWeights): Map<Competency, number> {
  const weights = new Map<Competency, number>();
  let total = 0;
  for (const competency of COMPETENCIES) {
    const weight = roleWeights[competency];
    if (weight === undefined) continue;
    if (!(weight > 0 && Number.isFinite(weight))) {
      throw new RangeError(
        `the role's weight for ${competency} is ${weight}, which is not a positive number`,
      );
    }
    weights.set(competency, weight);
    total += weight;
  }
  if (weights.size === 0) throw new RangeError('the role weighs no competency');
  for (const [competency, weight] of weights) weights.set(competency, weight / total);
  return weights;
}
