import { Button } from '@mantine/core';
import { IconCoffee } from '@tabler/icons-react';
import { api } from '../api.js';
import { Failure } from './failure.js';
import { type Attempt, useAttemptAction } from './use-attempt.js';
import { counted } from './words.js';

/** Begins an approved break; nothing at all where none is left. */
export function BreakButton({ attempt }: { attempt: Attempt }) {
  const begin = useAttemptAction(() => api.beginBreak());
  if (attempt.state !== 'running' || !attempt.breaks || attempt.breaks.left === 0) return null;
  const minutes = Math.floor(attempt.breaks.minutesLeft);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconCoffee size={16} aria-hidden />}
        loading={begin.isPending}
        onClick={() => begin.mutate()}
      >
        Take a break ({counted(attempt.breaks.left, 'break')}, {counted(minutes, 'minute')} left)
      </Button>
      {begin.error && <Failure error={begin.error} />}
    </>
  );
}
