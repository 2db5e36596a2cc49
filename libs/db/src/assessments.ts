import type { createAssessment, InputOf, listAssessments, ReplyOf } from '@assay/contracts/http';
import type { Database } from './database.js';
import type { Prisma } from './generated/client.js';
import { cutPage, pageOf } from './page.js';
import { newestVersions } from './published-tasks.js';
import type { Viewer } from './viewer.js';

const shape = { tasks: { orderBy: { position: 'asc' } } } as const;

type AssessmentRow = Prisma.AssessmentGetPayload<{ include: typeof shape }>;

function toAssessment(row: AssessmentRow): ReplyOf<typeof createAssessment> {
  return {
    id: row.id,
    name: row.name,
    minutes: row.minutes,
    taskIds: row.tasks.map(({ taskId }) => taskId),
    createdAt: row.createdAt.toISOString(),
  };
}

export function insertAssessment(
  db: Database,
  viewer: Viewer,
  draft: InputOf<typeof createAssessment>['body'],
) {
  const { taskIds, ...fields } = draft;
  return db.transaction(async (tx) => {
    await newestVersions(tx, taskIds);
    const tasks = { create: taskIds.map((taskId, position) => ({ taskId, position })) };
    const row = await tx.assessment.create({
      data: { ...fields, organisationId: viewer.organisationId, tasks },
      include: shape,
    });
    return toAssessment(row);
  });
}

export async function listAssessmentsOf(
  db: Database,
  viewer: Viewer,
  query: InputOf<typeof listAssessments>['query'],
) {
  const { after, ...order } = pageOf(query);
  const rows = await db.prisma.assessment.findMany({
    where: { organisationId: viewer.organisationId, ...after },
    include: shape,
    ...order,
  });
  return cutPage(rows, query.limit, toAssessment);
}
