import type { Evidence } from './evidence.js';
import { competencyCovariance } from './prior.js';
import { type Competency, LEVEL_WIDTH } from './vocabulary.js';

/** What one piece of evidence did to the overall mean. */
export interface Contribution {
  id: string;
  competency: Competency;
  /** Latent units; positive raises. All contributions add up to the overall mean minus the prior mean. */
  contribution: number;
  /** The same in level steps, for people: "failed senior concurrency check: −0.3 step". */
  levelSteps: number;
}

/**
 * contribution = s·Σ_k w_k·Σ0[k, c] for evidence on competency c with expected score s (levelling.md §1, `explain`).
 * At the fit's optimum x − x0 = Σ0·Σ s·h, and tasks, raters and the bank are independent of every θ before evidence, so
 * this share is exact and not an approximation. `weights` are normalised; `score` is the fit's.
 */
export function explainContribution(
  piece: Evidence,
  score: number,
  weights: ReadonlyMap<Competency, number>,
): Contribution {
  let covarianceWithOverall = 0;
  for (const [competency, weight] of weights) {
    covarianceWithOverall += weight * competencyCovariance(competency, piece.competency);
  }
  const contribution = score * covarianceWithOverall;
  return { id: piece.id, competency: piece.competency, contribution, levelSteps: contribution / LEVEL_WIDTH };
}
