import { CUT_BY_LEVEL, CUTS, type RatingScore, type TargetLevel } from './vocabulary.js';

/** Derivatives of one response's log-likelihood in its linear predictor η (latent units). */
export interface LogLikelihoodSlope {
  /** d log P / dη: the way and the strength with which this response pulls. */
  score: number;
  /** −d² log P / dη²: what it adds to the precision; slightly negative for a very surprising failure. */
  information: number;
}

/** A dichotomous item: P(pass) = guess + (ceiling − guess)·logit⁻¹(discrimination·(η − difficulty)). */
export interface CheckItem {
  discrimination: number;
  difficulty: number;
  /** P(pass) of someone who knows nothing: 0 for a check; a quiz item will have 1/options. */
  guess: number;
  /** P(pass) of someone who knows everything: good engineers slip too. */
  ceiling: number;
}

const DISCRIMINATION = 1.2;
const RATING_DISCRIMINATION = 1.5;
const CEILING = 0.96;

/** A level's checks sit this far below its cut, so that somebody just at the level passes about 62 % of them. */
const DIFFICULTY_BELOW_CUT = 0.5;

/** SD of a check's true difficulty about what its tag says; in latent units. */
const TAG_ERROR_SD = 0.7;

/** ≈ (16√3 / 15π)²: approximates a logistic averaged over a normal by a flatter logistic (levelling.md §1). */
const LOGIT_NORMAL_FACTOR = 0.346;

/**
 * The item that a check with this tag is taken for before any calibration: a' = a/√(1 + 0.346·a²·τ²), so an item whose
 * difficulty is uncertain counts for less (levelling.md §1).
 */
export function checkItem(level: TargetLevel): CheckItem {
  return {
    discrimination:
      DISCRIMINATION / Math.sqrt(1 + LOGIT_NORMAL_FACTOR * (DISCRIMINATION * TAG_ERROR_SD) ** 2),
    difficulty: CUT_BY_LEVEL[level] - DIFFICULTY_BELOW_CUT,
    guess: 0,
    ceiling: CEILING,
  };
}

/** How a check's result pulls at `eta` = θ_competency + γ_task + ω. */
export function checkSlope(item: CheckItem, passed: boolean, eta: number): LogLikelihoodSlope {
  const logistic = inverseLogit(item.discrimination * (eta - item.difficulty));
  const passProbability = item.guess + (item.ceiling - item.guess) * logistic;
  const slope = (item.ceiling - item.guess) * item.discrimination * logistic * (1 - logistic);
  const bend = item.discrimination * (1 - 2 * logistic) * slope;
  const sign = passed ? 1 : -1;
  const probability = passed ? passProbability : 1 - passProbability;
  const score = (sign * slope) / probability;
  return { score, information: score ** 2 - (sign * bend) / probability };
}

/**
 * How a rating pulls at `eta` = θ_competency + e_rater, by Samejima's graded responses:
 * P(r ≥ k) = logit⁻¹(1.5·(η − κ_k)) with κ the level cuts.
 */
export function ratingSlope(rating: RatingScore, eta: number): LogLikelihoodSlope {
  // P(r = k) = F_k − F_{k+1} with F_1 = 1 and F_5 = 0. The closed forms below divide by no small probability.
  const atLeast = (score: number): number => {
    const threshold = CUTS[score - 2];
    if (threshold === undefined) return score < 2 ? 1 : 0;
    return inverseLogit(RATING_DISCRIMINATION * (eta - threshold));
  };
  const reached = atLeast(rating);
  const surpassed = atLeast(rating + 1);
  return {
    score: RATING_DISCRIMINATION * (1 - reached - surpassed),
    information: RATING_DISCRIMINATION ** 2 * (reached * (1 - reached) + surpassed * (1 - surpassed)),
  };
}

function inverseLogit(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
