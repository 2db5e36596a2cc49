import {
  CompetencyLevel,
  EvidenceContribution,
  type LevelEstimate,
  LevelSummary,
} from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import {
  type Estimate,
  estimateLevel,
  LEVEL_WIDTH,
  type RoleWeights,
  wordStatement,
} from '@assay/core/levelling';
import { z } from 'zod';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendStaffEvent } from './events.js';
import { type Viewer, visibleRoles } from './viewer.js';

/**
 * Computes a candidacy's level again from the check results of its current gradings, and stores it. The caller holds
 * the candidacy's row, so that two gradings that end together both count.
 */
export async function refreshLevelEstimate(tx: Transaction, candidacyId: string): Promise<void> {
  const candidacy = await tx.candidacy.findUniqueOrThrow({
    where: { id: candidacyId },
    include: {
      role: { include: { competencies: true } },
      attempts: {
        include: {
          submissions: { include: { taskVersion: true, currentGrading: { include: { checks: true } } } },
        },
      },
    },
  });
  const weights = Object.fromEntries(
    candidacy.role.competencies.map(({ competency, weight }) => [competency, weight]),
  ) as RoleWeights;
  const results = candidacy.attempts
    .flatMap((attempt) => attempt.submissions)
    .flatMap(({ taskVersion, currentGrading }) =>
      (currentGrading?.checks ?? []).map((check) => ({ taskId: taskVersion.taskId, ...check })),
    )
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
  const data = {
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
    computedAt: await databaseNow(tx),
  };
  await tx.levelEstimate.upsert({ where: { candidacyId }, create: { candidacyId, ...data }, update: data });
  await appendStaffEvent(tx, candidacyId, { type: 'level.estimated', statement: data.overall.statement });
}

function summarise({ mean, sd, probabilities, statement }: Estimate) {
  return { mean, sd, probabilities: { ...probabilities }, statement: wordStatement(statement) };
}

/** Throws `resource.not_found` when the viewer may not see the candidacy or nothing has been graded yet. */
export async function getLevelOf(
  db: Database,
  viewer: Viewer,
  candidacyId: string,
): Promise<z.input<typeof LevelEstimate>> {
  const row = await db.prisma.levelEstimate.findFirst({
    where: { candidacyId, candidacy: { role: visibleRoles(viewer) } },
  });
  if (!row)
    throw new AppError('resource.not_found', 'No level has been estimated: nothing has been graded yet.');
  return {
    candidacyId,
    overall: LevelSummary.parse(row.overall),
    competencies: z.array(CompetencyLevel).parse(row.competencies),
    evidence: z.array(EvidenceContribution).parse(row.evidence),
    computedAt: row.computedAt.toISOString(),
  };
}
