import {
  type InputOf,
  type listRegrades,
  MAX_REGRADED,
  type ReplyOf,
  type startRegrade,
} from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { assertOutdated, assertRegradable, assertSomethingToRegrade } from '@assay/core/grading';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendStaffEvent } from './events.js';
import { Prisma } from './generated/client.js';
import { gradingShape, toGrading } from './grading-rows.js';
import { lockRow, lockRows } from './locked-rows.js';
import { outdatedSubmissions } from './outdated-submissions.js';
import { cutPage, pageOf } from './page.js';
import { newestVersionOf } from './published-tasks.js';
import { type Viewer, visibleRoles } from './viewer.js';

type RegradeReply = ReplyOf<typeof startRegrade>;

const unseenSubmission = () =>
  new AppError('resource.not_found', 'There is no such submission, or you may not see it.');

/** Queues a new grading of the same snapshot with the version of the grading that counts. The caller enqueues it after the commit. */
export function insertGradingAgain(db: Database, viewer: Viewer, submissionId: string) {
  return db.transaction(async (tx) => {
    await lockRow(tx, 'submission', submissionId);
    const submission = await tx.submission.findFirst({
      where: { id: submissionId, attempt: { candidacy: { role: visibleRoles(viewer) } } },
      include: { gradings: { select: { state: true } }, currentGrading: true },
    });
    if (!submission) throw unseenSubmission();
    assertRegradable(submission.gradings.map(({ state }) => state));
    const now = await databaseNow(tx);
    const row = await tx.grading.create({
      data: {
        submissionId,
        taskVersionId: submission.currentGrading?.taskVersionId ?? submission.taskVersionId,
        replacesId: submission.currentGradingId,
        queuedAt: now,
        dispatchedAt: now,
      },
      include: gradingShape,
    });
    return toGrading(row);
  });
}

/**
 * Queues gradings with the newest version for the submissions named, or for all outdated ones that have none with it
 * yet. Two people at once: the second waits, and meets what the first has queued. The caller enqueues `gradingIds` after
 * the commit.
 */
export async function startRegradeOf(
  db: Database,
  viewer: Viewer,
  taskId: string,
  submissionIds: string[] | undefined,
): Promise<{ regrade: RegradeReply; gradingIds: string[] }> {
  const started = await db.transaction(async (tx) => {
    const newest = await newestVersionOf(tx, taskId);
    const chosen = submissionIds ? [...new Set(submissionIds)] : await listUntried(tx, viewer, newest);
    await lockRows(tx, 'submission', chosen);
    const submissions = await readOutdated(tx, viewer, newest, chosen, submissionIds === undefined);
    assertSomethingToRegrade(submissions.length);
    const now = await databaseNow(tx);
    const { organisationId, memberId } = viewer;
    const { id: regradeId } = await tx.regrade.create({
      data: { organisationId, taskVersionId: newest.id, startedById: memberId, startedAt: now },
    });
    const gradings = await tx.grading.createManyAndReturn({
      data: submissions.map(({ id: submissionId, currentGradingId }) => ({
        submissionId,
        taskVersionId: newest.id,
        regradeId,
        replacesId: currentGradingId,
        queuedAt: now,
        dispatchedAt: now,
      })),
      select: { id: true, submissionId: true },
    });
    const candidacyIds = new Map(submissions.map(({ id, attempt }) => [id, attempt.candidacyId]));
    const candidacyOf = ({ submissionId }: { submissionId: string }) => candidacyIds.get(submissionId) ?? '';
    // Streams are locked in one order, whoever else regrades the same candidacies.
    for (const grading of gradings.toSorted((a, b) => (candidacyOf(a) < candidacyOf(b) ? -1 : 1))) {
      const { id: gradingId, submissionId } = grading;
      const event = { type: 'regrade.started' as const, regradeId, gradingId, submissionId, memberId };
      await appendStaffEvent(tx, candidacyOf(grading), event);
    }
    return { regradeId, gradingIds: gradings.map(({ id }) => id) };
  });
  const regrade = await getRegradeOf(db, viewer, started.regradeId);
  return { regrade, gradingIds: started.gradingIds };
}

type Newest = Awaited<ReturnType<typeof newestVersionOf>>;

const untried = (viewer: Viewer, newest: Newest): Prisma.SubmissionWhereInput => ({
  ...outdatedSubmissions(viewer, newest),
  gradings: { none: { taskVersionId: newest.id } },
});

async function listUntried(tx: Transaction, viewer: Viewer, newest: Newest): Promise<string[]> {
  const rows = await tx.submission.findMany({
    where: untried(viewer, newest),
    orderBy: { id: 'asc' },
    take: MAX_REGRADED,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** The chosen submissions as they are now that their rows are held. Throws unless each that a person named can be regraded. */
async function readOutdated(tx: Transaction, viewer: Viewer, newest: Newest, ids: string[], isAll: boolean) {
  const where = isAll
    ? untried(viewer, newest)
    : { taskVersion: { taskId: newest.taskId }, attempt: { candidacy: { role: visibleRoles(viewer) } } };
  const submissions = await tx.submission.findMany({
    where: { ...where, id: { in: ids } },
    include: {
      attempt: { select: { candidacyId: true } },
      gradings: { select: { state: true } },
      currentGrading: { select: { taskVersion: { select: { version: true } } } },
    },
  });
  if (isAll) return submissions;
  if (submissions.length < ids.length) throw unseenSubmission();
  for (const { gradings, currentGrading } of submissions) {
    assertRegradable(gradings.map(({ state }) => state));
    if (!currentGrading)
      throw new AppError('resource.not_found', 'It has no grading that counts yet: retry it.');
    assertOutdated(currentGrading.taskVersion.version, newest.version);
  }
  return submissions;
}

const regradeShape = {
  taskVersion: { select: { taskId: true, version: true } },
  startedBy: { select: { id: true, name: true } },
} as const;

type RegradeRow = Prisma.RegradeGetPayload<{ include: typeof regradeShape }>;

interface RegradeTotals {
  regradeId: string;
  fromVersions: number[];
  queued: number;
  running: number;
  completed: number;
  needsAttention: number;
  adopted: number;
}

async function readTotals(tx: Transaction, regradeIds: string[]): Promise<Map<string, RegradeTotals>> {
  if (regradeIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<RegradeTotals[]>`
    SELECT g.regrade_id AS "regradeId", array_agg(DISTINCT v.version ORDER BY v.version) AS "fromVersions",
      (count(*) FILTER (WHERE g.state = 'queued'))::int AS queued,
      (count(*) FILTER (WHERE g.state = 'running'))::int AS running,
      (count(*) FILTER (WHERE g.state = 'completed'))::int AS completed,
      (count(*) FILTER (WHERE g.state = 'needs_attention'))::int AS "needsAttention",
      count(s.id)::int AS adopted
    FROM grading g JOIN grading old ON old.id = g.replaces_id JOIN task_version v ON v.id = old.task_version_id
      LEFT JOIN submission s ON s.current_grading_id = g.id
    WHERE g.regrade_id IN (${Prisma.join(regradeIds.map((id) => Prisma.sql`${id}::uuid`))})
    GROUP BY g.regrade_id`;
  return new Map(rows.map((row) => [row.regradeId, row]));
}

function toRegrade(row: RegradeRow, totals: RegradeTotals | undefined): RegradeReply {
  if (!totals) throw new Error(`the regrade ${row.id} has no gradings`);
  const { regradeId: _, fromVersions, ...gradings } = totals;
  return {
    id: row.id,
    taskId: row.taskVersion.taskId,
    fromVersions,
    toVersion: row.taskVersion.version,
    startedBy: row.startedBy,
    startedAt: row.startedAt.toISOString(),
    gradings,
  };
}

/** Throws `resource.not_found` for a regrade of another organisation. */
export async function getRegradeOf(db: Database, viewer: Viewer, regradeId: string): Promise<RegradeReply> {
  const { organisationId } = viewer;
  const row = await db.prisma.regrade.findFirst({
    where: { id: regradeId, organisationId },
    include: regradeShape,
  });
  if (!row) throw new AppError('resource.not_found', 'There is no such regrade, or you may not see it.');
  return toRegrade(row, (await readTotals(db.prisma, [regradeId])).get(regradeId));
}

export async function listRegradesOf(
  db: Database,
  viewer: Viewer,
  query: InputOf<typeof listRegrades>['query'],
) {
  const { organisationId } = viewer;
  const { after, ...order } = pageOf(query);
  const rows = await db.prisma.regrade.findMany({
    where: { organisationId, ...after },
    include: regradeShape,
    ...order,
  });
  const totals = await readTotals(
    db.prisma,
    rows.map(({ id }) => id),
  );
  return cutPage(rows, query.limit, (row) => toRegrade(row, totals.get(row.id)));
}
