import type { InputOf, listOutdatedSubmissions, ReplyOf } from '@assay/contracts/http';
import type { Database } from './database.js';
import type { Prisma } from './generated/client.js';
import { cutPage, pageOf } from './page.js';
import { newestVersionOf } from './published-tasks.js';
import { type Viewer, visibleRoles } from './viewer.js';

/** Submissions of a task whose grading that counts was made with an older version than this one. */
export function outdatedSubmissions(
  viewer: Viewer,
  newest: { taskId: string; version: number },
): Prisma.SubmissionWhereInput {
  return {
    taskVersion: { taskId: newest.taskId },
    currentGrading: { taskVersion: { version: { lt: newest.version } } },
    attempt: { candidacy: { role: visibleRoles(viewer) } },
  };
}

export async function listOutdatedSubmissionsOf(
  db: Database,
  viewer: Viewer,
  taskId: string,
  query: InputOf<typeof listOutdatedSubmissions>['query'],
): Promise<ReplyOf<typeof listOutdatedSubmissions>> {
  const newest = await newestVersionOf(db.prisma, taskId);
  const { after, ...order } = pageOf(query);
  const rows = await db.prisma.submission.findMany({
    where: { ...outdatedSubmissions(viewer, newest), ...after },
    include: {
      attempt: { select: { candidacyId: true } },
      currentGrading: { include: { taskVersion: { select: { version: true } } } },
      gradings: { where: { taskVersionId: newest.id }, orderBy: { id: 'desc' }, take: 1 },
    },
    ...order,
  });
  const page = cutPage(rows, query.limit, ({ id, attempt, submittedAt, currentGrading, gradings }) => {
    // The condition above asks for one.
    const { id: gradingId, taskVersion, score } = currentGrading as NonNullable<typeof currentGrading>;
    const [newer] = gradings;
    return {
      submissionId: id,
      candidacyId: attempt.candidacyId,
      submittedAt: submittedAt.toISOString(),
      grading: { id: gradingId, taskVersion: taskVersion.version, score },
      newestGrading: newer ? { id: newer.id, regradeId: newer.regradeId, state: newer.state } : null,
    };
  });
  return { ...page, newestVersion: newest.version };
}
