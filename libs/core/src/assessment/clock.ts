/** From `from` until `to`. */
export interface Span {
  from: Date;
  to: Date;
}

export type CreditKind = 'our_outage' | 'network_gap' | 'break' | 'extra_time';

/** Time by which an attempt closes later. */
export interface Credit extends Span {
  kind: CreditKind;
  seconds: number;
}

/** All that an attempt's closing time is made of. Every instant is the database's: no other clock counts. */
export interface ClockLedger {
  startedAt: Date;
  /** As it was pinned at the start, without any credit. */
  allowanceEndsAt: Date;
  extraTime: { multiplier: number; grantedAt: Date } | null;
  /** One that is on ends where its minutes are used up. */
  breaks: readonly Span[];
  /** In which none of our API processes lived. */
  outages: readonly Span[];
  /** In which the candidate's page was silent, and how much was edited there meanwhile. */
  gaps: readonly (Span & { edits: number })[];
}

export const closingTime = (startedAt: Date, minutes: number): Date =>
  new Date(startedAt.getTime() + minutes * 60_000);

/** When an attempt with these credits would close without them. */
export function allowanceEnd(closesAt: Date, credits: readonly Pick<Credit, 'seconds'>[]): Date {
  const creditedMs = credits.reduce((sum, { seconds }) => sum + Math.round(seconds * 1_000), 0);
  return new Date(closesAt.getTime() - creditedMs);
}

/** Of the candidate's own network, for one attempt. */
export const MAX_NETWORK_CREDIT_MS = 10 * 60_000;
/** Of heartbeats, which come every 15 seconds: a longer silence is a gap. */
export const GAP_AFTER_MS = 45_000;
/** Of our API's own signs of life, which come every 2 seconds: after a longer silence one lives anew. */
export const OUTAGE_AFTER_MS = 10_000;

const length = ({ from, to }: Span) => to.getTime() - from.getTime();
const covers = (spans: readonly Span[], from: Date) =>
  spans.some((span) => span.from <= from && from < span.to);

/**
 * When an attempt closes, and why then. Each second is credited once: a break before an outage of ours, that before a
 * gap in the candidate's network. What begins after the attempt is over moves nothing.
 */
export function settleClock(ledger: ClockLedger): { closesAt: Date; credits: Credit[] } {
  const { startedAt, allowanceEndsAt, extraTime, breaks, outages } = ledger;
  const gaps = ledger.gaps.filter(({ edits }) => edits === 0);
  const credits: Credit[] = [];
  let closesAtMs = allowanceEndsAt.getTime();
  const allowance = { from: startedAt, to: allowanceEndsAt };
  const extraMs = Math.round(length(allowance) * ((extraTime?.multiplier ?? 1) - 1));
  if (extraTime && extraMs > 0) {
    const at = extraTime.grantedAt > startedAt ? extraTime.grantedAt : startedAt;
    credits.push({ kind: 'extra_time', seconds: extraMs / 1_000, from: at, to: at });
    closesAtMs += extraMs;
  }
  let networkLeftMs = MAX_NETWORK_CREDIT_MS;
  for (const piece of piecesOf([...breaks, ...outages, ...gaps], startedAt)) {
    if (piece.from.getTime() >= closesAtMs) break;
    const kind = covers(breaks, piece.from)
      ? 'break'
      : covers(outages, piece.from)
        ? 'our_outage'
        : covers(gaps, piece.from)
          ? 'network_gap'
          : null;
    if (!kind) continue;
    const ms = kind === 'network_gap' ? Math.min(length(piece), networkLeftMs) : length(piece);
    if (ms === 0) continue;
    if (kind === 'network_gap') networkLeftMs -= ms;
    closesAtMs += ms;
    add(credits, kind, { from: piece.from, to: new Date(piece.from.getTime() + ms) });
  }
  return { closesAt: new Date(closesAtMs), credits };
}

/** Cut where any of the spans begins or ends: a piece is wholly in a span, or wholly out of it. In order of time. */
function piecesOf(spans: readonly Span[], since: Date): Span[] {
  const cuts = spans.flatMap(({ from, to }) => [from.getTime(), to.getTime()]);
  const instants = [...new Set([since.getTime(), ...cuts])]
    .filter((ms) => ms >= since.getTime())
    .sort((a, b) => a - b);
  return instants.slice(1).map((to, i) => ({ from: new Date(instants[i] ?? to), to: new Date(to) }));
}

function add(credits: Credit[], kind: CreditKind, span: Span): void {
  const last = credits.at(-1);
  const isMore = last?.kind === kind && last.to.getTime() === span.from.getTime();
  const whole = isMore ? { from: last.from, to: span.to } : span;
  if (isMore) credits.pop();
  credits.push({ kind, seconds: length(whole) / 1_000, ...whole });
}

/**
 * When none of our API processes lived, from `since` on, of the times in which each did. Before the first of them nothing
 * is known, so nothing is an outage; one that still goes on is known once it has ended.
 */
export function outagesOf(lives: readonly Span[], since: Date): Span[] {
  const outages: Span[] = [];
  let aliveUntil: Date | null = null;
  for (const { from, to } of [...lives].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    if (aliveUntil && aliveUntil < from) outages.push({ from: aliveUntil, to: from });
    if (!aliveUntil || to > aliveUntil) aliveUntil = to;
  }
  return outages
    .filter(({ to }) => to > since)
    .map(({ from, to }) => ({ from: from < since ? since : from, to }));
}

/**
 * Whether an attempt may be closed for good: its time is over, and an API of ours has lived since, so that it did not
 * run out in an outage that nobody has noticed yet. `aliveUntil` is the last sign of life; null when none is known.
 */
export function isTimeOver(closesAt: Date, now: Date, aliveUntil: Date | null): boolean {
  return closesAt <= now && (aliveUntil === null || aliveUntil >= closesAt);
}
