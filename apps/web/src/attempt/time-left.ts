import type { Attempt } from './use-attempt.js';
import { counted } from './words.js';

/** Below it the clock shows seconds; above it they would only press. */
const SECONDS_SHOWN_BELOW = 600;
/** Minutes before the end at which a polite word is said, longest first. */
const WARNED_AT = [10, 5, 1];

/** The time left in whole seconds, by the server's clock; null while none runs. On a break it stands still. */
export function secondsLeft(
  { closesAt, onBreakSince, now }: Pick<Attempt, 'closesAt' | 'onBreakSince' | 'now'>,
  nowMs: number,
): number | null {
  if (closesAt === null) return null;
  // While on a break, closesAt and now of one answer move together.
  const from = onBreakSince === null ? nowMs : Date.parse(now);
  return Math.max(0, Math.ceil((Date.parse(closesAt) - from) / 1_000));
}

/** `1 h 05 min`, `42 min`; in the last ten minutes `9:41`. */
export function asClock(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (seconds < SECONDS_SHOWN_BELOW) {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** The warning that is due when the time left goes from `before` to `after` seconds; null when none is. */
export function warningBetween(before: number, after: number): string | null {
  const passed = WARNED_AT.filter((minutes) => before > minutes * 60 && after <= minutes * 60 && after > 0);
  const minutes = passed.at(-1);
  return minutes === undefined
    ? null
    : `${counted(minutes, 'minute')} left. Everything is saved as you type; what is saved is submitted at the end.`;
}
