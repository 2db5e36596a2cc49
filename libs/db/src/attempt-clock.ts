import { Accommodation as AccommodationSchema, ClockCredit } from '@assay/contracts/http';
import {
  type Accommodation,
  allowanceEnd,
  breaksLeft,
  isOnBreak,
  outagesOf,
  settleClock,
} from '@assay/core/assessment';
import { z } from 'zod';
import { livesSince } from './api-lives.js';
import type { Transaction } from './database.js';
import { appendCandidateEvent } from './events.js';
import type { Attempt } from './generated/client.js';

const Credits = z.array(ClockCredit);

export function accommodationOf(row: { accommodation: unknown }): Accommodation | null {
  return AccommodationSchema.nullable().parse(row.accommodation);
}

/** Breaks of an attempt that have ended, and the one that is on, if its minutes are not used up yet. */
export async function readBreaks(tx: Transaction, attempt: Attempt) {
  const rows = await tx.attemptInterval.findMany({
    where: { attemptId: attempt.id, kind: 'break' },
    orderBy: { beganAt: 'asc' },
  });
  const ended = rows.flatMap(({ beganAt: from, endedAt: to }) => (to ? [{ from, to }] : []));
  const open = rows.find(({ endedAt }) => endedAt === null);
  if (!open) return { ended, open: null };
  const { minutesLeft = 0 } = breaksLeft(accommodationOf(attempt), ended) ?? {};
  const endsAt = new Date(open.beganAt.getTime() + minutesLeft * 60_000);
  return { ended, open: { id: open.id, from: open.beganAt, to: endsAt } };
}

/**
 * Writes down when an attempt closes by all that is known now, and tells its candidate when that has changed. The caller
 * holds the attempt's row. An attempt that has not started or is closed stays as it is.
 */
export async function settleAttempt(tx: Transaction, attempt: Attempt, now: Date): Promise<Attempt> {
  const { id, startedAt, closesAt: before } = attempt;
  if (!startedAt || !before || attempt.closedAt) return attempt;
  const { ended, open } = await readBreaks(tx, attempt);
  const isOver = open !== null && open.to <= now;
  if (isOver) await tx.attemptInterval.update({ where: { id: open.id }, data: { endedAt: open.to } });
  const gaps = await tx.attemptInterval.findMany({ where: { attemptId: id, kind: 'gap' } });
  const multiplier = accommodationOf(attempt)?.multiplier ?? 1;
  const { closesAt, credits } = settleClock({
    startedAt,
    allowanceEndsAt: allowanceEnd(before, Credits.parse(attempt.credits)),
    extraTime: attempt.accommodatedAt && { multiplier, grantedAt: attempt.accommodatedAt },
    breaks: open ? [...ended, open] : ended,
    outages: outagesOf(await livesSince(tx, startedAt), startedAt),
    gaps: gaps.map(({ beganAt, endedAt, edits }) => ({ from: beganAt, to: endedAt ?? beganAt, edits })),
  });
  const data = {
    closesAt,
    credits: credits.map((credit) => ({
      ...credit,
      from: credit.from.toISOString(),
      to: credit.to.toISOString(),
    })),
    breakBeganAt: open && !isOver ? open.from : null,
    breakEndsAt: open && !isOver ? open.to : null,
  };
  if (JSON.stringify(data) === JSON.stringify(pick(attempt))) return attempt;
  const settled = await tx.attempt.update({ where: { id }, data });
  await tellClock(tx, settled, now);
  return settled;
}

/** In the order of the fields in which it is compared: Postgres keeps those of JSON in its own. */
function pick({ closesAt, credits, breakBeganAt, breakEndsAt }: Attempt) {
  const inOrder = Credits.parse(credits).map(({ kind, seconds, from, to }) => ({ kind, seconds, from, to }));
  return { closesAt, credits: inOrder, breakBeganAt, breakEndsAt };
}

/** Tells the candidate's open pages that their clock is another one. */
export function tellClock(tx: Transaction, attempt: Attempt, now: Date): Promise<void> {
  const { closesAt, onBreakSince } = clockOf(attempt, now);
  return appendCandidateEvent(tx, attempt.id, { type: 'attempt.clock_changed', closesAt, onBreakSince });
}

type ClockRow = Pick<Attempt, 'closesAt' | 'closedAt' | 'credits' | 'breakBeganAt' | 'breakEndsAt'>;

/** The clock as it stands at an instant: of a break that is on, what has passed of it. */
export function clockOf(attempt: ClockRow, now: Date) {
  const { closesAt, breakBeganAt, breakEndsAt } = attempt;
  const credits = Credits.parse(attempt.credits);
  if (!isOnBreak(attempt, now) || !breakEndsAt || !breakBeganAt)
    return { closesAt: closesAt?.toISOString() ?? null, credits, onBreakSince: null };
  const toComeMs = breakEndsAt.getTime() - now.getTime();
  const from = breakBeganAt.toISOString();
  return {
    closesAt: closesAt && new Date(closesAt.getTime() - toComeMs).toISOString(),
    credits: credits.map((credit) =>
      credit.kind === 'break' && credit.to === breakEndsAt.toISOString()
        ? { ...credit, seconds: Math.max(0, credit.seconds - toComeMs / 1_000), to: null }
        : credit,
    ),
    onBreakSince: from,
  };
}
