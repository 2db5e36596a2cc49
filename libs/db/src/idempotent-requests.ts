import { AppError } from '@assay/core/error';
import { type Database, databaseNow } from './database.js';
import { isUniqueViolation } from './unique-violation.js';

/** A request that began and left no answer for this long was cut off by a crash of ours, and may be done again. */
const ABANDONED_MS = 60_000;

export interface IdempotentRequest {
  /** Whose keys these are: one session's, for one route. */
  scope: string;
  key: string;
  requestHash: string;
}

export interface StoredAnswer {
  status: number;
  /** Sealed by the caller: an answer may hold a secret. */
  response: string;
}

/**
 * Reserves a key for the caller, or gives the answer that the same request got before.
 * Throws `request.key_reused` for another request under the key, `request.in_progress` while the first one runs.
 */
export async function reserveIdempotencyKey(
  db: Database,
  request: IdempotentRequest,
): Promise<StoredAnswer | null> {
  const { scope, key, requestHash } = request;
  try {
    await db.prisma.idempotentRequest.create({ data: { scope, key, requestHash } });
    return null;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
  const seen = await db.prisma.idempotentRequest.findUnique({ where: { scope_key: { scope, key } } });
  if (!seen) return reserveIdempotencyKey(db, request);
  if (seen.requestHash !== requestHash) {
    throw new AppError('request.key_reused', 'Use a new Idempotency-Key for a new request.');
  }
  if (seen.status !== null && seen.response !== null) return { status: seen.status, response: seen.response };
  const abandonedBefore = new Date((await databaseNow(db.prisma)).getTime() - ABANDONED_MS);
  const taken = await db.prisma.idempotentRequest.updateMany({
    where: { scope, key, status: null, createdAt: { lt: abandonedBefore } },
    data: { createdAt: await databaseNow(db.prisma) },
  });
  if (taken.count === 0) throw new AppError('request.in_progress', 'Wait for the first request to end.');
  return null;
}

export async function storeAnswer(
  db: Database,
  request: IdempotentRequest,
  answer: StoredAnswer,
): Promise<void> {
  const { scope, key } = request;
  await db.prisma.idempotentRequest.update({
    where: { scope_key: { scope, key } },
    data: { ...answer },
  });
}

/** A request that failed may be tried again under its key. */
export async function releaseIdempotencyKey(db: Database, { scope, key }: IdempotentRequest): Promise<void> {
  await db.prisma.idempotentRequest.deleteMany({ where: { scope, key, status: null } });
}

const KEPT_MS = 24 * 3_600_000;

/** A day later nobody repeats a request. */
export async function forgetOldRequests(db: Database): Promise<void> {
  const before = new Date((await databaseNow(db.prisma)).getTime() - KEPT_MS);
  await db.prisma.idempotentRequest.deleteMany({ where: { createdAt: { lt: before } } });
}
