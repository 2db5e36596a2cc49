import type { CompetencyLevel, EvidenceContribution } from '@assay/contracts/http';
import {
  type Estimate,
  estimateLevel,
  LEVEL_WIDTH,
  type RoleWeights,
  wordStatement,
} from '@assay/core/levelling';
import type { z } from 'zod';
import type { Prisma } from './generated/client.js';

/** What a candidacy's level is estimated from: the checks of the gradings that count, and its role's weights. */
export const evidenceShape = {
  role: { include: { competencies: true } },
  attempts: {
    include: {
      submissions: {
        include: { taskVersion: { select: { taskId: true } }, currentGrading: { include: { checks: true } } },
      },
    },
  },
} as const;

type CandidacyEvidence = Prisma.CandidacyGetPayload<{ include: typeof evidenceShape }>;
type GradingChecks = Pick<Prisma.GradingGetPayload<{ include: { checks: true } }>, 'submissionId' | 'checks'>;

/**
 * The level of a candidacy from what is known of it; with `instead`, as if that grading counted for its submission.
 * Stores nothing.
 */
export function estimateCandidacy(candidacy: CandidacyEvidence, instead?: GradingChecks) {
  const weights = Object.fromEntries(
    candidacy.role.competencies.map(({ competency, weight }) => [competency, weight]),
  ) as RoleWeights;
  const results = candidacy.attempts
    .flatMap((attempt) => attempt.submissions)
    .flatMap(({ id, taskVersion, currentGrading }) => {
      const { checks = [] } = (instead?.submissionId === id ? instead : currentGrading) ?? {};
      return checks.map((check) => ({ taskId: taskVersion.taskId, ...check }));
    })
    .sort((a, b) => a.taskId.localeCompare(b.taskId) || a.position - b.position);

  const estimate = estimateLevel(
    results.map((result) => ({
      kind: 'check' as const,
      id: `${result.gradingId}/${result.name}`,
      taskId: result.taskId,
      competency: result.competency,
      level: result.level,
      weight: result.weight,
      passed: result.verdict === 'passed',
    })),
    weights,
  );
  const totalWeight = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return {
    overall: summarise(estimate.overall),
    competencies: estimate.competencies.map((own) => ({
      ...summarise(own),
      competency: own.competency,
      weight: (weights[own.competency] ?? 0) / totalWeight,
      checks: own.checks,
      ratings: own.ratings,
      basis: own.basis,
    })) satisfies z.input<typeof CompetencyLevel>[],
    evidence: results.map((result, i) => ({
      gradingId: result.gradingId,
      taskId: result.taskId,
      check: result.name,
      competency: result.competency,
      level: result.level,
      verdict: result.verdict,
      levelSteps: (estimate.contributions[i]?.contribution ?? 0) / LEVEL_WIDTH,
    })) satisfies z.input<typeof EvidenceContribution>[],
  };
}

function summarise({ mean, sd, probabilities, statement }: Estimate) {
  return { mean, sd, probabilities: { ...probabilities }, statement: wordStatement(statement) };
}
