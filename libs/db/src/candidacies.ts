import {
  type addCandidate,
  type getCandidacy,
  type InputOf,
  LevelSummary,
  type listCandidacies,
  type ReplyOf,
} from '@assay/contracts/http';
import { attemptState } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { assertRoleOpen } from '@assay/core/hiring';
import { isAllowed } from '@assay/core/tenancy';
import { clockOf } from './attempt-clock.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import type { Prisma } from './generated/client.js';
import { lockRow } from './locked-rows.js';
import { cutPage, pageOf } from './page.js';
import { isUniqueViolation } from './unique-violation.js';
import { type Viewer, visibleRoles } from './viewer.js';

const shape = { candidate: true, level: true } as const;

type CandidacyRow = Prisma.CandidacyGetPayload<{ include: typeof shape }>;

function toCandidacy(row: CandidacyRow): ReplyOf<typeof addCandidate> {
  const { id, name, email } = row.candidate;
  return {
    id: row.id,
    roleId: row.roleId,
    candidate: { id, name, email },
    level: row.level ? LevelSummary.parse(row.level.overall) : null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Locks a role that the viewer may see and that is open, until the transaction ends. */
export async function lockOpenRole(tx: Transaction, viewer: Viewer, roleId: string) {
  await lockRow(tx, 'role', roleId);
  const role = await tx.role.findFirst({ where: { ...visibleRoles(viewer), id: roleId } });
  if (!role) throw new AppError('resource.not_found', 'There is no such role, or you may not see it.');
  assertRoleOpen(role);
  return role;
}

/** A person already known to the organisation by their email joins the role under the name they have there. */
export async function insertCandidacy(
  db: Database,
  viewer: Viewer,
  roleId: string,
  draft: InputOf<typeof addCandidate>['body'],
) {
  const { organisationId } = viewer;
  try {
    return await db.transaction(async (tx) => {
      await lockOpenRole(tx, viewer, roleId);
      // Not `upsert`: of two roles that meet the person at the same time, it fails one.
      await tx.candidate.createMany({ data: { organisationId, ...draft }, skipDuplicates: true });
      const candidate = await tx.candidate.findUniqueOrThrow({
        where: { organisationId_email: { organisationId, email: draft.email } },
        select: { id: true },
      });
      const row = await tx.candidacy.create({
        data: { organisationId, roleId, candidateId: candidate.id },
        include: shape,
      });
      return toCandidacy(row);
    });
  } catch (error) {
    if (isUniqueViolation(error)) {
      throw new AppError('candidacy.duplicate', `${draft.email} is a candidate for this role already.`);
    }
    throw error;
  }
}

export async function listCandidaciesOf(
  db: Database,
  viewer: Viewer,
  roleId: string,
  query: InputOf<typeof listCandidacies>['query'],
) {
  const role = await db.prisma.role.findFirst({
    where: { ...visibleRoles(viewer), id: roleId },
    select: { id: true },
  });
  if (!role) throw new AppError('resource.not_found', 'There is no such role, or you may not see it.');
  const { after, ...order } = pageOf(query);
  const rows = await db.prisma.candidacy.findMany({ where: { roleId, ...after }, include: shape, ...order });
  return cutPage(rows, query.limit, toCandidacy);
}

/** Throws `resource.not_found` unless the viewer may see the candidacy. */
export async function assertCandidacyVisible(
  db: Database,
  viewer: Viewer,
  candidacyId: string,
): Promise<void> {
  const row = await db.prisma.candidacy.findFirst({
    where: { id: candidacyId, role: visibleRoles(viewer) },
    select: { id: true },
  });
  if (!row) throw new AppError('resource.not_found', 'There is no such candidacy, or you may not see it.');
}

export async function getCandidacyOf(
  db: Database,
  viewer: Viewer,
  candidacyId: string,
): Promise<ReplyOf<typeof getCandidacy>> {
  await assertCandidacyVisible(db, viewer, candidacyId);
  const row = await db.prisma.candidacy.findUniqueOrThrow({
    where: { id: candidacyId },
    include: {
      ...shape,
      attempts: {
        orderBy: { id: 'asc' },
        include: {
          assessment: { select: { id: true, name: true } },
          submissions: {
            orderBy: { submittedAt: 'asc' },
            include: {
              taskVersion: { select: { taskId: true } },
              currentGrading: { include: { checks: { select: { verdict: true } } } },
              gradings: { orderBy: { id: 'desc' }, take: 1, select: { state: true } },
            },
          },
        },
      },
    },
  });
  const now = await databaseNow(db.prisma);
  const ratesOnly = !isAllowed(viewer.access, 'attempt:support');
  return {
    ...toCandidacy(row),
    attempts: row.attempts.map((attempt) => ({
      id: attempt.id,
      assessment: attempt.assessment,
      state: attemptState(attempt, now),
      // Together they would tell those who rate of extra time.
      startedAt: ratesOnly ? null : (attempt.startedAt?.toISOString() ?? null),
      closesAt: ratesOnly ? null : clockOf(attempt, now).closesAt,
      withdrawnAt: attempt.withdrawnAt?.toISOString() ?? null,
      closedAt: attempt.closedAt?.toISOString() ?? null,
      submissions: attempt.submissions.map((submission) => {
        const checks = submission.currentGrading?.checks ?? [];
        return {
          id: submission.id,
          taskId: submission.taskVersion.taskId,
          submittedAt: submission.submittedAt.toISOString(),
          gradingState: submission.currentGrading?.state ?? submission.gradings[0]?.state ?? 'queued',
          checksPassed: checks.filter(({ verdict }) => verdict === 'passed').length,
          checksTotal: checks.length,
        };
      }),
    })),
  };
}
