export interface Invitation {
  expiresAt: Date;
  revokedAt: Date | null;
}

/** An invitation opens its attempt any number of times until it expires or is revoked. */
export function isInvitationOpen(invitation: Invitation, now: Date): boolean {
  return invitation.revokedAt === null && invitation.expiresAt > now;
}
