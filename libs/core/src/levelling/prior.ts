import type { Evidence } from './evidence.js';
import { SquareMatrix } from './linear-algebra.js';
import { COMPETENCIES, type Competency } from './vocabulary.js';

/** μ: where a candidate of whom nothing is known is expected, in latent units: on the cut between junior and mid. */
export const PRIOR_MEAN = 0;

/** σ: SD of a competency among candidates, in latent units. */
const COMPETENCY_SD = 1.3;
/** ρ: correlation between two competencies of one candidate. */
const COMPETENCY_CORRELATION = 0.6;
/** σ_μ: SD of what we do not know about where this company's candidates stand as a group. */
const POPULATION_MEAN_SD = 0.5;
/** Var γ: how much better or worse one task suits the candidate (0.6²), and how far its bundle of tags is off (0.4²). */
const TASK_VARIANCE = 0.6 ** 2 + 0.4 ** 2;
/** Var ω: how far all tags of the task bank are off together. */
const BANK_VARIANCE = 0.25 ** 2;
/** Var e: a rater's severity (v_j = 0.25 before any calibration) and the halo of their general impression (σ_h²). */
const RATER_VARIANCE = 0.25 + 0.5 ** 2;

/**
 * The latents of one candidate, each a position in the same vector: nine competencies θ, a γ for each task met, an e
 * for each rater met, and the bank's ω. Each is Gaussian before evidence: θ ~ N(μ, σ²(1−ρ)·I + (ρσ² + σ_μ²)·11ᵀ),
 * the others independent around zero (levelling.md §1).
 */
export interface Prior {
  mean: readonly number[];
  covariance: SquareMatrix;
  /** The positions whose latents add up to the η of this piece of evidence. */
  positionsOf(piece: Evidence): number[];
}

/** Position of θ for `competency` among the latents. */
export function competencyPosition(competency: Competency): number {
  const position = COMPETENCIES.indexOf(competency);
  if (position < 0) throw new RangeError(`unknown competency ${competency}`);
  return position;
}

/** Prior covariance of θ for two competencies; the diagonal is the variance of one. */
export function competencyCovariance(one: Competency, other: Competency): number {
  const shared = COMPETENCY_CORRELATION * COMPETENCY_SD ** 2 + POPULATION_MEAN_SD ** 2;
  return one === other ? (1 - COMPETENCY_CORRELATION) * COMPETENCY_SD ** 2 + shared : shared;
}

/** Lays out the latents that `evidence` touches. Task and rater names matter only for being equal or different. */
export function buildPrior(evidence: readonly Evidence[]): Prior {
  const bank = COMPETENCIES.length;
  let size = bank + 1;
  const taskPositions = new Map<string, number>();
  const raterPositions = new Map<string, number>();
  const positionIn = (positions: Map<string, number>, name: string): number => {
    const position = positions.get(name) ?? size++;
    positions.set(name, position);
    return position;
  };
  const nuisancesOf = (piece: Evidence): number[] =>
    piece.kind === 'check'
      ? [positionIn(taskPositions, piece.taskId), bank]
      : [positionIn(raterPositions, piece.raterId)];
  for (const piece of evidence) nuisancesOf(piece);

  const covariance = new SquareMatrix(size);
  COMPETENCIES.forEach((one, row) => {
    COMPETENCIES.forEach((other, column) => {
      covariance.set(row, column, competencyCovariance(one, other));
    });
  });
  covariance.set(bank, bank, BANK_VARIANCE);
  for (const position of taskPositions.values()) covariance.set(position, position, TASK_VARIANCE);
  for (const position of raterPositions.values()) covariance.set(position, position, RATER_VARIANCE);

  return {
    mean: Array.from({ length: size }, (_, position) => (position < bank ? PRIOR_MEAN : 0)),
    covariance,
    positionsOf: (piece) => [competencyPosition(piece.competency), ...nuisancesOf(piece)],
  };
}
