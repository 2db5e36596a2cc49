import { AppError } from '@assay/core/error';
import { assertAdoptable } from '@assay/core/grading';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendStaffEvent } from './events.js';
import { gradingShape, toGrading } from './grading-rows.js';
import { refreshLevelEstimate } from './level-estimates.js';
import { lockRow } from './locked-rows.js';
import { getRegradeOf } from './regrades.js';
import { type Viewer, visibleRoles } from './viewer.js';

const withOwners = { submission: { include: { attempt: true } } } as const;

interface Adoptable {
  id: string;
  replacesId: string | null;
  submission: { id: string; attempt: { candidacyId: string } };
}

/**
 * Makes a completed grading the one that counts, and estimates the level again; one that counts already stays as it is.
 * Whoever adopts at the same time waits for the candidacy's row: the later one has the last word.
 */
async function adopt(
  tx: Transaction,
  viewer: Viewer,
  grading: Adoptable,
  { onlyOverReplaced = false } = {},
): Promise<void> {
  const { id: gradingId, submission } = grading;
  const { candidacyId } = submission.attempt;
  await lockRow(tx, 'candidacy', candidacyId);
  const { currentGradingId: replacedId } = await tx.submission.findUniqueOrThrow({
    where: { id: submission.id },
  });
  if (replacedId === gradingId || (onlyOverReplaced && replacedId !== grading.replacesId)) return;
  await tx.submission.update({ where: { id: submission.id }, data: { currentGradingId: gradingId } });
  const { memberId } = viewer;
  await tx.grading.update({
    where: { id: gradingId },
    data: { adoptedById: memberId, adoptedAt: await databaseNow(tx) },
  });
  await appendStaffEvent(tx, candidacyId, { type: 'grading.adopted', gradingId, memberId, replacedId });
  await refreshLevelEstimate(tx, candidacyId);
}

/** Adopts one grading: that of a regrade, or an earlier one again. */
export function adoptGradingOf(db: Database, viewer: Viewer, gradingId: string) {
  return db.transaction(async (tx) => {
    const grading = await tx.grading.findFirst({
      where: { id: gradingId, submission: { attempt: { candidacy: { role: visibleRoles(viewer) } } } },
      include: withOwners,
    });
    if (!grading)
      throw new AppError('resource.not_found', 'There is no such grading, or you may not see it.');
    assertAdoptable(grading.state);
    await adopt(tx, viewer, grading);
    return toGrading(await tx.grading.findUniqueOrThrow({ where: { id: gradingId }, include: gradingShape }));
  });
}

/**
 * Adopts gradings of a regrade: those named, or all that are completed and whose submission still rests on the grading
 * that they replace, so that nothing newer is undone. Each candidacy is a transaction of its own: what breaks off in
 * between is gone on with by repeating it. Throws before the first when one that is named cannot be adopted.
 */
export async function adoptRegradeOf(
  db: Database,
  viewer: Viewer,
  regradeId: string,
  gradingIds: string[] | undefined,
) {
  await getRegradeOf(db, viewer, regradeId);
  const gradings = await db.prisma.grading.findMany({
    where: {
      regradeId,
      submission: { attempt: { candidacy: { role: visibleRoles(viewer) } } },
      ...(gradingIds ? { id: { in: gradingIds } } : { state: 'completed', currentOf: null }),
    },
    orderBy: { id: 'asc' },
    include: withOwners,
  });
  if (gradingIds && gradings.length < new Set(gradingIds).size) {
    throw new AppError('resource.not_found', 'This regrade has no such grading.');
  }
  for (const { state } of gradings) assertAdoptable(state);
  for (const grading of gradings) {
    await db.transaction((tx) => adopt(tx, viewer, grading, { onlyOverReplaced: !gradingIds }));
  }
  return getRegradeOf(db, viewer, regradeId);
}
