import { z } from 'zod';
import { StaffEvent } from '../../events/index.js';
import { endpoint, eventStream } from '../endpoint.js';
import { Email, Id, Instant, name, PageQuery, page } from '../fields.js';
import { LevelEstimate, LevelSummary } from './level.js';

export const GradingState = z.enum(['queued', 'running', 'completed', 'needs_attention']);

export const Candidacy = z.object({
  id: Id,
  roleId: Id,
  candidate: z.object({ id: Id, name: z.string(), email: z.string() }),
  level: LevelSummary.nullable(),
  createdAt: Instant,
});

export const AttemptSummary = z.object({
  id: Id,
  assessment: z.object({ id: Id, name: z.string() }),
  state: z.enum(['invited', 'consented', 'running', 'closed']),
  /** This and `closesAt` are null for those who rate: together they would tell of extra time. */
  startedAt: Instant.nullable(),
  closesAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  withdrawnAt: Instant.nullable(),
  submissions: z.array(
    z.object({
      id: Id,
      taskId: z.string(),
      submittedAt: Instant,
      gradingState: GradingState,
      checksPassed: z.number().int(),
      checksTotal: z.number().int(),
    }),
  ),
});

export const CandidacyParams = z.strictObject({ candidacyId: Id });

export const addCandidate = endpoint({
  method: 'POST',
  path: '/v1/roles/:roleId/candidacies',
  access: 'candidacy:create',
  summary: 'Add a candidate to a role',
  status: 201,
  params: z.strictObject({ roleId: Id }),
  body: z.strictObject({ name: name(120), email: Email }),
  response: Candidacy,
  problems: ['role.closed', 'candidacy.duplicate'],
});

export const listCandidacies = endpoint({
  method: 'GET',
  path: '/v1/roles/:roleId/candidacies',
  access: 'candidacy:read',
  summary: 'The candidates of a role with their levels, newest first',
  status: 200,
  params: z.strictObject({ roleId: Id }),
  query: PageQuery,
  response: page(Candidacy),
});

export const getCandidacy = endpoint({
  method: 'GET',
  path: '/v1/candidacies/:candidacyId',
  access: 'candidacy:read',
  summary: 'One candidacy with its attempts and submissions',
  status: 200,
  params: CandidacyParams,
  response: Candidacy.extend({ attempts: z.array(AttemptSummary) }),
});

export const getLevel = endpoint({
  method: 'GET',
  path: '/v1/candidacies/:candidacyId/level',
  access: 'candidacy:read',
  summary: 'The level estimate with what each piece of evidence moved it by',
  status: 200,
  params: CandidacyParams,
  response: LevelEstimate,
});

export const streamCandidacy = endpoint({
  method: 'GET',
  path: '/v1/candidacies/:candidacyId/events',
  access: 'candidacy:read',
  summary: 'What happens in a candidacy, as server-sent events; resumes after Last-Event-ID',
  status: 200,
  params: CandidacyParams,
  response: eventStream(StaffEvent),
});
