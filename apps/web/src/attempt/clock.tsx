import { Popover, Text, UnstyledButton } from '@mantine/core';
import { IconClock, IconPlayerPause } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import classes from './clock.module.css';
import { announcement } from './connection.js';
import { serverNow } from './server-time.js';
import type { Attempt } from './use-attempt.js';
import { counted, creditSentence, timeOf } from './words.js';

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

/** Seconds left, once a second, with the warnings said on the way. */
function useSecondsLeft(attempt: Attempt): number | null {
  const [left, setLeft] = useState(() => secondsLeft(attempt, serverNow()));
  useEffect(() => {
    let before = secondsLeft(attempt, serverNow());
    setLeft(before);
    const ticking = setInterval(() => {
      const after = secondsLeft(attempt, serverNow());
      const warning = before !== null && after !== null ? warningBetween(before, after) : null;
      if (warning) announcement.set(warning);
      before = after;
      setLeft(after);
    }, 250);
    return () => clearInterval(ticking);
  }, [attempt]);
  return left;
}

/** The time left, for the top bar of every page of an attempt; opened, it says when the end is and what was added. */
export function Clock({ attempt }: { attempt: Attempt }) {
  const left = useSecondsLeft(attempt);
  if (left === null || attempt.closesAt === null || attempt.state !== 'running') return null;
  const isPaused = attempt.onBreakSince !== null;
  const Icon = isPaused ? IconPlayerPause : IconClock;
  return (
    <Popover position="bottom-end" width={300} withArrow>
      <Popover.Target>
        <UnstyledButton className={classes.clock} data-low={left <= 300 && !isPaused}>
          <Icon size={18} aria-hidden />
          <span role="timer">
            {isPaused ? 'Paused, ' : ''}
            <span className={classes.digits}>{asClock(left)}</span> left
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text>
          {isPaused
            ? 'You are on a break: the clock stands still.'
            : `It ends at ${timeOf(attempt.closesAt)}. What is saved then is submitted by itself.`}
        </Text>
        {attempt.credits.map((credit) => (
          <Text key={`${credit.kind} ${credit.from}`} mt="xs" c="dimmed">
            {creditSentence(credit)}
          </Text>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
