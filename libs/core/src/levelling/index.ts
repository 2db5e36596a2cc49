/** Levelling: from evidence to a level with its probability (docs/levelling.md). */
export {
  type CompetencyEstimate,
  type Estimate,
  type EstimateBasis,
  estimateLevel,
  type LevelEstimate,
} from './estimate-level.js';
export type { CheckEvidence, Evidence, RatingEvidence, RoleWeights } from './evidence.js';
export type { Contribution } from './explain.js';
export {
  type LevelProbabilities,
  type LevelStatement,
  likeliestLevel,
  wordStatement,
} from './statement.js';
export type { Competency, Level, RatingScore, TargetLevel } from './vocabulary.js';
export { LEVEL_WIDTH } from './vocabulary.js';
