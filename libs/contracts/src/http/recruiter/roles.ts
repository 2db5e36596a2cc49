import { z } from 'zod';
import { Competency, TargetLevel } from '../../vocabulary.js';
import { endpoint } from '../endpoint.js';
import { Id, Instant, name, PageQuery, page, text } from '../fields.js';

export const CompetencyWeights = z.partialRecord(Competency, z.number().min(0).max(10));

export const Role = z.object({
  id: Id,
  title: z.string(),
  description: z.string(),
  targetLevel: TargetLevel,
  /** Relative importance; competencies left out weigh nothing. */
  competencies: CompetencyWeights,
  status: z.enum(['open', 'closed']),
  candidacies: z.number().int(),
  createdAt: Instant,
});

const RoleParams = z.strictObject({ roleId: Id });

export const createRole = endpoint({
  method: 'POST',
  path: '/v1/roles',
  access: 'role:create',
  summary: 'Post a role with target level and weighted competencies',
  status: 201,
  body: z.strictObject({
    title: name(120),
    description: text(0, 10_000).default(''),
    targetLevel: TargetLevel,
    competencies: CompetencyWeights,
  }),
  response: Role,
  problems: ['role.no_weight'],
});

export const listRoles = endpoint({
  method: 'GET',
  path: '/v1/roles',
  access: 'role:read',
  summary: 'Roles, newest first',
  status: 200,
  query: PageQuery,
  response: page(Role),
});

export const getRole = endpoint({
  method: 'GET',
  path: '/v1/roles/:roleId',
  access: 'role:read',
  summary: 'One role',
  status: 200,
  params: RoleParams,
  response: Role,
});

export const closeRole = endpoint({
  method: 'POST',
  path: '/v1/roles/:roleId/closure',
  access: 'role:close',
  summary: 'Close a role: no new candidates, no new invitations',
  status: 200,
  params: RoleParams,
  response: Role,
});
