import type { ReplyOf, regradeSubmission } from '@assay/contracts/http';
import type { Prisma } from './generated/client.js';

/** What of a grading staff are shown. */
export const gradingShape = {
  checks: { orderBy: { position: 'asc' } },
  currentOf: { select: { id: true } },
  taskVersion: { select: { version: true } },
} as const;

type GradingRow = Prisma.GradingGetPayload<{ include: typeof gradingShape }>;

export function toGrading(row: GradingRow): ReplyOf<typeof regradeSubmission> {
  return {
    id: row.id,
    state: row.state,
    outcome: row.outcome,
    score: row.score,
    engine: row.engine,
    guarantees: row.guarantees,
    degraded: row.degraded,
    taskVersion: row.taskVersion.version,
    regradeId: row.regradeId,
    reason: row.reason,
    isCurrent: row.currentOf !== null,
    adoption:
      row.adoptedById && row.adoptedAt
        ? { memberId: row.adoptedById, at: row.adoptedAt.toISOString() }
        : null,
    queuedAt: row.queuedAt.toISOString(),
    completedAt: row.completedAt?.toISOString() ?? null,
    checks: row.checks,
  };
}
