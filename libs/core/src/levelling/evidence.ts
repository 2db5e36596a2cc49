import { type Competency, RATING_SCORES, type RatingScore, type TargetLevel } from './vocabulary.js';

/** One check's result on the candidate's submission for `taskId`. */
export interface CheckEvidence {
  kind: 'check';
  id: string;
  /** Checks of one task share how well that task suited the candidate. */
  taskId: string;
  competency: Competency;
  level: TargetLevel;
  /**
   * The author's weight, kept for display. The model does not read it: scaling discrimination by weight is untested
   * (levelling.md §1), and a wrong weight would make the estimate surer than it has a right to be.
   */
  weight: number;
  passed: boolean;
}

/** One interviewer's score on one competency. */
export interface RatingEvidence {
  kind: 'rating';
  id: string;
  /** Ratings of one rater share that rater's severity and their general impression of the candidate. */
  raterId: string;
  competency: Competency;
  score: RatingScore;
}

/** Anything that moves a level. Ids are unique within a candidacy; each entry counts once. */
export type Evidence = CheckEvidence | RatingEvidence;

/** How much a role cares for each competency: positive numbers on any scale. A competency left out is not weighed. */
export type RoleWeights = Readonly<Partial<Record<Competency, number>>>;

/**
 * The same evidence in an order that depends on the ids alone, so that rows arriving in another order give the same
 * estimate to the last bit. Throws RangeError on a score that is no anchored point.
 */
export function orderEvidence(evidence: readonly Evidence[]): Evidence[] {
  for (const piece of evidence) {
    if (piece.kind === 'rating' && !RATING_SCORES.includes(piece.score)) {
      throw new RangeError(
        `rating ${piece.id} has the score ${piece.score}, which is not one of ${RATING_SCORES}`,
      );
    }
  }
  return evidence.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
