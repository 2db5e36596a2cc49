import { AppError } from '@assay/core/error';
import { isInvitationOpen } from '@assay/core/hiring';
import { hashSecret, newSecret } from '@assay/core/tenancy';
import { type Database, databaseNow, type Transaction } from './database.js';
import type { Viewer } from './viewer.js';

export const STAFF_SESSION_MS = 12 * 3_600_000;
export const CANDIDATE_SESSION_MS = 14 * 24 * 3_600_000;

/** A new session's secret for the cookie; only its hash is stored. */
export interface NewSession {
  secret: string;
  expiresAt: Date;
}

export async function startStaffSession(tx: Transaction, memberId: string): Promise<NewSession> {
  return insertSession(tx, { realm: 'staff', memberId }, STAFF_SESSION_MS);
}

/**
 * Exchanges an invitation's secret for a session of its attempt.
 * Throws `invitation.invalid` when it is unknown, expired or revoked: one answer for all three.
 */
export function startCandidateSession(
  db: Database,
  invitationSecret: string,
): Promise<NewSession & { attemptId: string }> {
  return db.transaction(async (tx) => {
    const invitation = await tx.invitation.findUnique({ where: { tokenHash: hashSecret(invitationSecret) } });
    if (!invitation || !isInvitationOpen(invitation, await databaseNow(tx))) {
      throw new AppError('invitation.invalid', 'Ask the person who invited you for a new link.');
    }
    const session = await insertSession(
      tx,
      { realm: 'candidate', invitationId: invitation.id },
      CANDIDATE_SESSION_MS,
    );
    return { ...session, attemptId: invitation.attemptId };
  });
}

async function insertSession(
  tx: Transaction,
  owner: { realm: 'staff'; memberId: string } | { realm: 'candidate'; invitationId: string },
  lifeMs: number,
): Promise<NewSession> {
  const secret = newSecret();
  const expiresAt = new Date((await databaseNow(tx)).getTime() + lifeMs);
  await tx.session.create({ data: { ...owner, tokenHash: hashSecret(secret), expiresAt } });
  return { secret, expiresAt };
}

export interface StaffCaller extends Viewer {
  realm: 'staff';
  sessionId: string;
}

export interface CandidateCaller {
  realm: 'candidate';
  sessionId: string;
  attemptId: string;
}

// Asked with every request, hence one statement. By Postgres's clock and always from the table: a revoked session ends
// with the commit that revokes it.
const FIND_STAFF = {
  name: 'find-staff-caller',
  text: `
    SELECT token_hash AS key, session.id AS "sessionId", member.id AS "memberId", member.organisation_id AS "organisationId", member.access
    FROM session JOIN member ON member.id = session.member_id
    WHERE session.token_hash = ANY($1) AND realm = 'staff' AND session.revoked_at IS NULL AND session.expires_at > now()`,
};
const FIND_CANDIDATE = {
  name: 'find-candidate-caller',
  text: `
    SELECT session.token_hash AS key, session.id AS "sessionId", invitation.attempt_id AS "attemptId"
    FROM session JOIN invitation ON invitation.id = session.invitation_id
    WHERE session.token_hash = ANY($1) AND realm = 'candidate' AND session.revoked_at IS NULL AND session.expires_at > now()`,
};

/** The caller behind a cookie's secret, or null when the session is unknown, revoked, over, or of the other realm. */
export async function findStaffCaller(db: Database, secret: string): Promise<StaffCaller | null> {
  const row = await db.lookUp<Omit<StaffCaller, 'realm'>>(FIND_STAFF, hashSecret(secret));
  return row ? { realm: 'staff', ...row } : null;
}

export async function findCandidateCaller(db: Database, secret: string): Promise<CandidateCaller | null> {
  const row = await db.lookUp<Omit<CandidateCaller, 'realm'>>(FIND_CANDIDATE, hashSecret(secret));
  return row ? { realm: 'candidate', ...row } : null;
}

export async function revokeSession(db: Database, sessionId: string): Promise<void> {
  await db.prisma.session.updateMany({
    where: { id: sessionId, revokedAt: null },
    data: { revokedAt: await databaseNow(db.prisma) },
  });
}
