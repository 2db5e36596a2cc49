import type { createInvitation, InputOf } from '@assay/contracts/http';
import { ATTEMPT_RULES, attemptState } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { isInvitationOpen } from '@assay/core/hiring';
import { hashSecret, newSecret } from '@assay/core/tenancy';
import { lockOpenRole } from './candidacies.js';
import { type Database, databaseNow } from './database.js';
import { appendStaffEvent } from './events.js';
import { lockRow } from './locked-rows.js';
import { newestVersions } from './published-tasks.js';
import { type Viewer, visibleRoles } from './viewer.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Invites a candidate to an assessment; the secret is in this answer only. A second invitation after expiry or
 * revocation opens the same attempt. The clock starts later, when the candidate says so.
 */
export function insertInvitation(
  db: Database,
  viewer: Viewer,
  roleId: string,
  draft: InputOf<typeof createInvitation>['body'],
) {
  const { candidacyId, assessmentId, expiresInDays } = draft;
  return db.transaction(async (tx) => {
    await lockOpenRole(tx, viewer, roleId);
    const candidacy = await tx.candidacy.findFirst({
      where: { id: candidacyId, roleId },
      select: { id: true },
    });
    if (!candidacy) throw new AppError('resource.not_found', 'There is no such candidacy in this role.');
    await lockRow(tx, 'candidacy', candidacyId);
    const assessment = await tx.assessment.findFirst({
      where: { id: assessmentId, organisationId: viewer.organisationId },
    });
    if (!assessment) throw new AppError('resource.not_found', 'There is no such assessment.');
    const now = await databaseNow(tx);
    const attempt = await tx.attempt.upsert({
      where: { candidacyId_assessmentId: { candidacyId, assessmentId } },
      create: { candidacyId, assessmentId, minutes: assessment.minutes },
      update: {},
      include: { invitations: true },
    });
    if (attemptState(attempt, now) === 'closed') {
      throw new AppError('attempt.closed', 'This candidate has finished this assessment.');
    }
    if (attempt.invitations.some((invitation) => isInvitationOpen(invitation, now))) {
      throw new AppError('invitation.duplicate', 'Revoke the open invitation to send another.');
    }
    const secret = newSecret();
    const invitation = await tx.invitation.create({
      data: {
        attemptId: attempt.id,
        tokenHash: hashSecret(secret),
        expiresAt: new Date(now.getTime() + expiresInDays * DAY_MS),
      },
    });
    await appendStaffEvent(tx, candidacyId, { type: 'invitation.created', invitationId: invitation.id });
    return {
      id: invitation.id,
      candidacyId,
      assessmentId,
      expiresAt: invitation.expiresAt.toISOString(),
      secret,
    };
  });
}

/** Ends an invitation and the sessions that came from it. Revoking twice changes nothing. */
export function revokeInvitationOf(db: Database, viewer: Viewer, invitationId: string): Promise<void> {
  return db.transaction(async (tx) => {
    const invitation = await tx.invitation.findFirst({
      where: { id: invitationId, attempt: { candidacy: { role: visibleRoles(viewer) } } },
      include: { attempt: { select: { candidacyId: true } } },
    });
    if (!invitation)
      throw new AppError('resource.not_found', 'There is no such invitation, or you may not see it.');
    if (invitation.revokedAt) return;
    const revokedAt = await databaseNow(tx);
    await tx.invitation.update({ where: { id: invitationId }, data: { revokedAt } });
    await tx.session.updateMany({ where: { invitationId, revokedAt: null }, data: { revokedAt } });
    await appendStaffEvent(tx, invitation.attempt.candidacyId, { type: 'invitation.revoked', invitationId });
  });
}

/** What an invitation's page may say before anyone has accepted it; null when the link is not valid. Starts nothing. */
export async function findOpenInvitation(db: Database, secret: string) {
  const invitation = await db.prisma.invitation.findUnique({
    where: { tokenHash: hashSecret(secret) },
    include: {
      attempt: {
        include: {
          assessment: { include: { tasks: { orderBy: { position: 'asc' } } } },
          candidacy: { include: { role: true, organisation: true } },
        },
      },
    },
  });
  if (!invitation || !isInvitationOpen(invitation, await databaseNow(db.prisma))) return null;
  const { assessment, candidacy } = invitation.attempt;
  const taskIds = assessment.tasks.map(({ taskId }) => taskId);
  const versions = await newestVersions(db.prisma, taskIds);
  return {
    organisation: candidacy.organisation.name,
    role: candidacy.role.title,
    minutes: invitation.attempt.minutes,
    tasks: versions.map(({ title, minutes }) => ({ title, minutes })),
    rules: ATTEMPT_RULES,
    expiresAt: invitation.expiresAt.toISOString(),
  };
}
