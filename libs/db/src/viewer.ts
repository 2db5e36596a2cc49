import { type MemberAccess, seesOwnRolesOnly } from '@assay/core/tenancy';
import type { Prisma } from './generated/client.js';

/** The member on whose behalf rows are read or written. */
export interface Viewer {
  memberId: string;
  organisationId: string;
  access: MemberAccess;
}

/** The roles a member may see. Everything below a role is reached through this. */
export function visibleRoles(viewer: Viewer): Prisma.RoleWhereInput {
  const { organisationId, memberId, access } = viewer;
  return seesOwnRolesOnly(access) ? { organisationId, members: { some: { memberId } } } : { organisationId };
}
