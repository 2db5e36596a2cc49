import {
  type createAssessment,
  type InputOf,
  type listAssessments,
  PRACTICE_TASK_ID,
  type ReplyOf,
} from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
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
  if (taskIds.includes(PRACTICE_TASK_ID))
    throw new AppError('task.unknown', 'Every attempt has the practice task already, and it never counts.');
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
