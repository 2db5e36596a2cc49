import type { createRole, InputOf, listRoles, ReplyOf } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { weighedCompetencies } from '@assay/core/hiring';
import { type Database, databaseNow, type Transaction } from './database.js';
import type { Competency, Prisma } from './generated/client.js';
import { cutPage, pageOf } from './page.js';
import { type Viewer, visibleRoles } from './viewer.js';

const shape = { competencies: true, _count: { select: { candidacies: true } } } as const;

type RoleRow = Prisma.RoleGetPayload<{ include: typeof shape }>;

function toRole(row: RoleRow): ReplyOf<typeof createRole> {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    targetLevel: row.targetLevel,
    competencies: Object.fromEntries(row.competencies.map(({ competency, weight }) => [competency, weight])),
    status: row.closedAt ? 'closed' : 'open',
    candidacies: row._count.candidacies,
    createdAt: row.createdAt.toISOString(),
  };
}

export async function insertRole(db: Database, viewer: Viewer, draft: InputOf<typeof createRole>['body']) {
  const { competencies, ...fields } = draft;
  const weights = weighedCompetencies(competencies).map(({ competency, weight }) => ({
    // The contract has parsed the keys.
    competency: competency as Competency,
    weight,
  }));
  const row = await db.prisma.role.create({
    data: { ...fields, organisationId: viewer.organisationId, competencies: { create: weights } },
    include: shape,
  });
  return toRole(row);
}

export async function listRolesOf(db: Database, viewer: Viewer, query: InputOf<typeof listRoles>['query']) {
  const { after, ...order } = pageOf(query);
  const rows = await db.prisma.role.findMany({
    where: { ...visibleRoles(viewer), ...after },
    include: shape,
    ...order,
  });
  return cutPage(rows, query.limit, toRole);
}

export async function getRoleOf(tx: Transaction, viewer: Viewer, roleId: string) {
  const row = await tx.role.findFirst({ where: { ...visibleRoles(viewer), id: roleId }, include: shape });
  if (!row) throw new AppError('resource.not_found', 'There is no such role, or you may not see it.');
  return toRole(row);
}

export function closeRoleOf(db: Database, viewer: Viewer, roleId: string) {
  return db.transaction(async (tx) => {
    await tx.role.updateMany({
      where: { ...visibleRoles(viewer), id: roleId, closedAt: null },
      data: { closedAt: await databaseNow(tx) },
    });
    return getRoleOf(tx, viewer, roleId);
  });
}
