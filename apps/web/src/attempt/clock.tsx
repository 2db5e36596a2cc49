import { Popover, Text, UnstyledButton } from '@mantine/core';
import { IconClock, IconPlayerPause } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import classes from './clock.module.css';
import { announcement } from './connection.js';
import { serverNow } from './server-time.js';
import { asClock, secondsLeft, warningBetween } from './time-left.js';
import type { Attempt } from './use-attempt.js';
import { creditSentence, timeOf } from './words.js';

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
      <span role="timer">
        <Popover.Target>
          <UnstyledButton className={classes.clock} data-low={left <= 300 && !isPaused}>
            <Icon size={18} aria-hidden />
            <span>
              {isPaused ? 'Paused, ' : ''}
              <span className={classes.digits}>{asClock(left)}</span> left
            </span>
          </UnstyledButton>
        </Popover.Target>
      </span>
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
