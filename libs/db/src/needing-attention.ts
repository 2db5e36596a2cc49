import type { InputOf, listGradingsNeedingAttention, ReplyOf } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { afterRetry } from '@assay/core/grading';
import { type Database, databaseNow } from './database.js';
import { appendStaffEvent } from './events.js';
import { gradingShape, toGrading } from './grading-rows.js';
import { lockRow } from './locked-rows.js';
import { cutPage, pageOf } from './page.js';
import { type Viewer, visibleRoles } from './viewer.js';

export async function listGradingsNeedingAttentionOf(
  db: Database,
  viewer: Viewer,
  query: InputOf<typeof listGradingsNeedingAttention>['query'],
): Promise<ReplyOf<typeof listGradingsNeedingAttention>> {
  const { after, ...order } = pageOf(query);
  const rows = await db.prisma.grading.findMany({
    where: {
      state: 'needs_attention',
      submission: { attempt: { candidacy: { role: visibleRoles(viewer) } } },
      ...after,
    },
    include: {
      taskVersion: { select: { taskId: true, version: true } },
      submission: { select: { attempt: { select: { candidacyId: true } } } },
    },
    ...order,
  });
  return cutPage(rows, query.limit, (row) => ({
    gradingId: row.id,
    submissionId: row.submissionId,
    candidacyId: row.submission.attempt.candidacyId,
    taskId: row.taskVersion.taskId,
    taskVersion: row.taskVersion.version,
    reason: row.reason,
    starts: row.starts,
    platformFailures: row.platformFailures,
    // A process of the version before this one writes none.
    since: (row.needsAttentionSince ?? row.dispatchedAt).toISOString(),
  }));
}

/**
 * Queues a grading that needs attention again, with a fresh budget of tries. Of two at once the second is told that it
 * is queued. The caller enqueues it under `dispatch` after the commit.
 */
export function retryGradingOf(db: Database, viewer: Viewer, gradingId: string) {
  return db.transaction(async (tx) => {
    const known = await tx.grading.findFirst({
      where: { id: gradingId, submission: { attempt: { candidacy: { role: visibleRoles(viewer) } } } },
      select: { submission: { select: { attempt: { select: { candidacyId: true } } } } },
    });
    if (!known) throw new AppError('resource.not_found', 'There is no such grading, or you may not see it.');
    await lockRow(tx, 'grading', gradingId);
    const retried = afterRetry(await tx.grading.findUniqueOrThrow({ where: { id: gradingId } }));
    const now = await databaseNow(tx);
    const row = await tx.grading.update({
      where: { id: gradingId },
      data: {
        ...retried,
        needsAttentionSince: null,
        queuedAt: now,
        dispatch: { increment: 1 },
        dispatchedAt: now,
      },
      include: gradingShape,
    });
    const { memberId } = viewer;
    const { candidacyId } = known.submission.attempt;
    await appendStaffEvent(tx, candidacyId, { type: 'grading.retried', gradingId, memberId });
    return { grading: toGrading(row), dispatch: row.dispatch };
  });
}
