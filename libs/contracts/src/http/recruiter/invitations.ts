import { z } from 'zod';
import { endpoint, NO_CONTENT } from '../endpoint.js';
import { Id, Instant } from '../fields.js';

export const Invitation = z.object({
  id: Id,
  candidacyId: Id,
  assessmentId: Id,
  expiresAt: Instant,
  /** The link for the candidate; shown only in this answer. */
  url: z.string(),
});

export const createInvitation = endpoint({
  method: 'POST',
  path: '/v1/roles/:roleId/invitations',
  access: 'candidacy:invite',
  summary: 'Invite a candidate of the role to an assessment',
  status: 201,
  params: z.strictObject({ roleId: Id }),
  body: z.strictObject({
    candidacyId: Id,
    assessmentId: Id,
    expiresInDays: z.number().int().min(1).max(60).default(7),
  }),
  response: Invitation,
  problems: ['role.closed', 'invitation.duplicate', 'attempt.closed'],
});

export const revokeInvitation = endpoint({
  method: 'DELETE',
  path: '/v1/invitations/:invitationId',
  access: 'candidacy:invite',
  summary: 'Revoke an invitation and the sessions that came from it',
  status: 204,
  params: z.strictObject({ invitationId: Id }),
  response: NO_CONTENT,
});
