import type { InputOf, ReplyOf, setAccommodation } from '@assay/contracts/http';
import { assertNotClosed, assertOnlyMore } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { accommodationOf, clockOf, settleAttempt, tellClock } from './attempt-clock.js';
import { lockAttempt } from './attempts.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent } from './events.js';
import type { Attempt } from './generated/client.js';
import { type Viewer, visibleRoles } from './viewer.js';

type AttemptAccommodation = ReplyOf<typeof setAccommodation>;

function toReply(attempt: Attempt, now: Date): AttemptAccommodation {
  const { closesAt } = clockOf(attempt, now);
  return { attemptId: attempt.id, accommodation: accommodationOf(attempt), closesAt };
}

async function findAttempt(tx: Transaction, viewer: Viewer, attemptId: string): Promise<Attempt> {
  const attempt = await tx.attempt.findFirst({
    where: { id: attemptId, candidacy: { role: visibleRoles(viewer) } },
  });
  if (!attempt) throw new AppError('resource.not_found', 'There is no such attempt, or you may not see it.');
  return attempt;
}

export async function getAccommodationOf(
  db: Database,
  viewer: Viewer,
  attemptId: string,
): Promise<AttemptAccommodation> {
  return toReply(await findAttempt(db.prisma, viewer, attemptId), await databaseNow(db.prisma));
}

/** Sets it, grants an open request for extra time, and tells the candidate's open page. Nobody else is told. */
export function setAccommodationOf(
  db: Database,
  viewer: Viewer,
  attemptId: string,
  accommodation: InputOf<typeof setAccommodation>['body'],
): Promise<AttemptAccommodation> {
  return db.transaction(async (tx) => {
    await findAttempt(tx, viewer, attemptId);
    const { attempt, now } = await lockAttempt(tx, attemptId);
    assertNotClosed(attempt, now);
    const before = accommodationOf(attempt);
    if (attempt.startedAt) assertOnlyMore(before, accommodation);
    const isOtherTime = accommodation.multiplier !== (before?.multiplier ?? 1);
    const accommodatedAt = isOtherTime ? now : (attempt.accommodatedAt ?? now);
    const set = await tx.attempt.update({
      where: { id: attemptId },
      data: { accommodation, accommodatedAt },
    });
    const granted = await tx.attemptRequest.updateMany({
      where: { attemptId, kind: 'extra_time', state: 'open' },
      data: { state: 'granted', answeredAt: now, answeredById: viewer.memberId },
    });
    if (granted.count > 0)
      await appendCandidateEvent(tx, attemptId, { type: 'attempt.request_answered', kind: 'extra_time' });
    const settled = await settleAttempt(tx, set, now);
    // Breaks and telemetry move no clock, and yet the page is to look again.
    if (settled === set) await tellClock(tx, set, now);
    return toReply(settled, now);
  });
}
