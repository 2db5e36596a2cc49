import {
  CompetencyLevel,
  EvidenceContribution,
  type LevelEstimate,
  LevelSummary,
} from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { z } from 'zod';
import { estimateCandidacy, evidenceShape } from './candidacy-evidence.js';
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
    include: evidenceShape,
  });
  const data = { ...estimateCandidacy(candidacy), computedAt: await databaseNow(tx) };
  await tx.levelEstimate.upsert({ where: { candidacyId }, create: { candidacyId, ...data }, update: data });
  await appendStaffEvent(tx, candidacyId, { type: 'level.estimated', statement: data.overall.statement });
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
