import { Notice } from '@assay/ui';
import { Button, Group, Text } from '@mantine/core';
import { api } from '../api.js';
import { Failure } from '../attempt/failure.js';
import { type Attempt, useAttemptAction } from '../attempt/use-attempt.js';
import { timeOf } from '../attempt/words.js';
import { Frame } from './frame.js';
import { Lead } from './lead.js';

/** In the place of every task while a break lasts. */
export function BreakPage({ attempt }: { attempt: Attempt }) {
  const end = useAttemptAction(() => api.endBreak());
  const minutesLeft = Math.floor(attempt.breaks?.minutesLeft ?? 0);
  return (
    <Frame attempt={attempt}>
      <Lead title="You are on a break" over={attempt.assessment}>
        {attempt.onBreakSince && `Since ${timeOf(attempt.onBreakSince)}. `}
        The clock stands still, and your tasks are hidden until you come back.
      </Lead>
      <Notice kind="info" title="Your work is saved">
        <Text>
          {minutesLeft > 0
            ? `The break ends by itself when your ${minutesLeft} minutes of breaks are used up; the clock then goes on.`
            : 'The break ends by itself within a minute; the clock then goes on.'}
        </Text>
      </Notice>
      {end.error && <Failure error={end.error} onRetry={() => end.mutate()} />}
      <Group>
        <Button size="md" loading={end.isPending} onClick={() => end.mutate()}>
          I am back: go on
        </Button>
      </Group>
    </Frame>
  );
}
