import { AppError } from '@assay/core/error';
import { hashSecret, isThrottled, LOGIN_WINDOW_MS, newSecret } from '@assay/core/tenancy';
import { type Database, databaseNow, type Transaction } from './database.js';
import { type NewSession, startStaffSession } from './sessions.js';
import { isUniqueViolation } from './unique-violation.js';

const profile = {
  id: true,
  name: true,
  email: true,
  access: true,
  organisation: { select: { id: true, name: true } },
} as const;

export function getMember(tx: Transaction, memberId: string) {
  return tx.member.findUniqueOrThrow({ where: { id: memberId }, select: profile });
}

export function findCredentials(db: Database, email: string) {
  return db.prisma.member.findUnique({ where: { email }, select: { id: true, passwordHash: true } });
}

/** Throws `session.throttled` while an account has too many failures in its window. */
export async function assertMayTryLogin(db: Database, email: string): Promise<void> {
  const seen = await db.prisma.loginThrottle.findUnique({ where: { emailHash: hashSecret(email) } });
  if (isThrottled(seen, await databaseNow(db.prisma))) {
    throw new AppError('session.throttled', 'Wait a minute, then try again.');
  }
}

/** Counts atomically: parallel guesses each count. */
export async function countLoginFailure(db: Database, email: string): Promise<void> {
  const window = `${LOGIN_WINDOW_MS} milliseconds`;
  await db.prisma.$executeRaw`
    INSERT INTO login_throttle AS t (email_hash, failures, window_ends_at)
    VALUES (${hashSecret(email)}, 1, now() + ${window}::interval)
    ON CONFLICT (email_hash) DO UPDATE SET
      failures = CASE WHEN t.window_ends_at > now() THEN t.failures + 1 ELSE 1 END,
      window_ends_at = CASE WHEN t.window_ends_at > now() THEN t.window_ends_at ELSE now() + ${window}::interval END`;
}

export async function forgetLoginFailures(db: Database, email: string): Promise<void> {
  await db.prisma.loginThrottle.deleteMany({ where: { emailHash: hashSecret(email) } });
}

/** Makes a one-time set-up link when no organisation exists; earlier unused links end. Gives its secret, or null. */
export function createSetupLink(db: Database): Promise<string | null> {
  return db.transaction(async (tx) => {
    if ((await tx.organisation.count()) > 0) return null;
    const secret = newSecret();
    await tx.setupLink.deleteMany({ where: { usedAt: null } });
    await tx.setupLink.create({ data: { tokenHash: hashSecret(secret) } });
    return secret;
  });
}

/** Throws `setup.link_used` unless the link can still be used. */
export async function assertSetupLinkOpen(db: Database, secret: string): Promise<void> {
  const open = await db.prisma.setupLink.count({ where: { tokenHash: hashSecret(secret), usedAt: null } });
  if (open === 0) throw linkUsed();
}

const linkUsed = () => new AppError('setup.link_used', 'Restart Assay to get a new link, or log in.');

export interface SetupDraft {
  secret: string;
  organisation: string;
  name: string;
  email: string;
  passwordHash: string;
}

/** Creates the organisation and its owner. Throws `setup.link_used` when the link is unknown or was used. */
export async function setUpOrganisation(
  db: Database,
  draft: SetupDraft,
): Promise<{ memberId: string; session: NewSession }> {
  try {
    return await db.transaction(async (tx) => {
      const used = await tx.setupLink.updateMany({
        where: { tokenHash: hashSecret(draft.secret), usedAt: null },
        data: { usedAt: await databaseNow(tx) },
      });
      if (used.count === 0) throw linkUsed();
      const { name, email, passwordHash } = draft;
      const organisation = await tx.organisation.create({
        data: {
          name: draft.organisation,
          members: { create: { name, email, passwordHash, access: 'owner' } },
        },
        include: { members: { select: { id: true } } },
      });
      // The nested create above made exactly this one.
      const memberId = (organisation.members[0] as { id: string }).id;
      return { memberId, session: await startStaffSession(tx, memberId) };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError('member.email_taken', 'Use another email address.');
    throw error;
  }
}
