import { OUTAGE_AFTER_MS, type Span } from '@assay/core/assessment';
import { type Database, databaseNow, type Transaction } from './database.js';

const KEPT_DAYS = 30;

/**
 * One sign of life of an assessment API that serves. `lifeId` is what the last sign gave, null for the first. A process
 * that was silent for long has not served meanwhile: it begins another life. Gives the id of the life that goes on.
 */
export async function recordSignOfLife(db: Database, lifeId: string | null): Promise<string> {
  const now = await databaseNow(db.prisma);
  const longAgo = new Date(now.getTime() - OUTAGE_AFTER_MS);
  const goesOn =
    lifeId !== null &&
    (await db.prisma.apiLife.updateMany({
      where: { id: lifeId, seenAt: { gte: longAgo } },
      data: { seenAt: now },
    }));
  if (goesOn && goesOn.count === 1) return lifeId;
  const expired = new Date(now.getTime() - KEPT_DAYS * 24 * 3_600_000);
  await db.prisma.apiLife.deleteMany({ where: { seenAt: { lt: expired } } });
  const { id } = await db.prisma.apiLife.create({ data: { beganAt: now, seenAt: now } });
  return id;
}

/**
 * The lives that reach beyond an instant, and the one that was seen last before it: an outage may have begun with its
 * end.
 */
export function livesSince(tx: Transaction, since: Date): Promise<Span[]> {
  return tx.$queryRaw<Span[]>`
    SELECT began_at AS "from", seen_at AS "to" FROM api_life
    WHERE seen_at >= ${since}::timestamptz
      OR seen_at = (SELECT max(seen_at) FROM api_life WHERE seen_at < ${since}::timestamptz)`;
}

/** The last sign of life of any assessment API; null when there was none. */
export async function lastSignOfLife(tx: Transaction): Promise<Date | null> {
  const { _max } = await tx.apiLife.aggregate({ _max: { seenAt: true } });
  return _max.seenAt;
}
