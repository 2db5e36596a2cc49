import { z } from 'zod';
import { Competency, TargetLevel, Verdict } from '../../vocabulary.js';
import { Id, Instant } from '../fields.js';

/** Probabilities over where a candidate may stand; they sum to 1. */
export const LevelProbabilities = z.object({
  below_junior: z.number(),
  junior: z.number(),
  mid: z.number(),
  senior: z.number(),
});

export const LevelSummary = z.object({
  /** In words: `mid`, `between mid and senior`, `no evidence`. */
  statement: z.string(),
  mean: z.number(),
  sd: z.number(),
  probabilities: LevelProbabilities,
});

export const CompetencyLevel = LevelSummary.extend({
  competency: Competency,
  /** Weight of the competency in this role, as a share of 1. */
  weight: z.number(),
  checks: z.number().int(),
  ratings: z.number().int(),
  basis: z.enum(['evidence', 'inferred', 'no_evidence']),
});

/** What one piece of evidence moved the overall level by. */
export const EvidenceContribution = z.object({
  gradingId: Id,
  taskId: z.string(),
  check: z.string(),
  competency: Competency,
  level: TargetLevel,
  verdict: Verdict,
  /** In steps between neighbouring levels; negative pulls down. */
  levelSteps: z.number(),
});

export const LevelEstimate = z.object({
  candidacyId: Id,
  overall: LevelSummary,
  competencies: z.array(CompetencyLevel),
  evidence: z.array(EvidenceContribution),
  computedAt: Instant,
});
export type LevelEstimate = z.infer<typeof LevelEstimate>;
