import type { Attempt } from './use-attempt.js';

/** `1 minute`, `3 minutes`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** `40 seconds`, `2 minutes`, `1 hour 5 minutes`; seconds only below two minutes. */
export function duration(seconds: number): string {
  if (seconds < 120) return counted(Math.round(seconds), 'second');
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && counted(hours, 'hour'), (rest > 0 || hours === 0) && counted(rest, 'minute')]
    .filter(Boolean)
    .join(' ');
}

/** The time that the candidate is given, with what was granted, without credits: `1 hour 30 minutes`. */
export const allowance = ({ minutes, accommodation }: Pick<Attempt, 'minutes' | 'accommodation'>): string =>
  duration(minutes * 60 * (accommodation?.multiplier ?? 1));

const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });
const momentFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** In the reader's zone and language: `14:02`. */
export const timeOf = (instant: string | number): string => timeFormat.format(new Date(instant));
/** `Monday, 1 December 2026`. */
export const dayOf = (instant: string): string => dayFormat.format(new Date(instant));
/** `1 Dec 2026, 14:02`. */
export const momentOf = (instant: string): string => momentFormat.format(new Date(instant));

const REASONS: Record<Attempt['credits'][number]['kind'], string> = {
  our_outage: 'our servers were away',
  network_gap: 'your connection was away',
  break: 'you were on a break',
  extra_time: 'extra time was granted',
};

/** Why the clock was moved, in a sentence: `2 minutes added: our servers were away (14:02)`. */
export function creditSentence({ kind, seconds, from, to }: Attempt['credits'][number]): string {
  const amount = to === null ? 'Being added' : `${duration(seconds)} added`;
  return kind === 'extra_time'
    ? `${amount}: ${REASONS[kind]}`
    : `${amount}: ${REASONS[kind]} (${timeOf(from)})`;
}
