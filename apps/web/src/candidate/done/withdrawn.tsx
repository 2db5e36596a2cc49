import { Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import { api } from '../../api.js';
import { Failure } from '../../attempt/failure.js';
import { serverNow } from '../../attempt/server-time.js';
import { type Attempt, useAttemptAction } from '../../attempt/use-attempt.js';
import { timeOf } from '../../attempt/words.js';
import { Frame } from '../frame.js';
import { Lead } from '../lead.js';
import { Downloads } from './downloads.js';

/** After a withdrawal: the way back as long as there is one. */
export function Withdrawn({ attempt }: { attempt: Attempt }) {
  const undo = useAttemptAction(() => api.undoWithdrawal());
  const isFinal = usePassed(attempt.withdrawalFinalAt);
  return (
    <Frame attempt={attempt}>
      <Lead title="You have withdrawn" over={attempt.assessment}>
        {isFinal
          ? 'Nothing more is graded. Thank you for having told us; we wish you well.'
          : `Nothing more is graded. You can take it back until ${timeOf(attempt.withdrawalFinalAt ?? '')}; a clock that was running has gone on.`}
      </Lead>
      {undo.error && <Failure error={undo.error} />}
      {!isFinal && (
        <Group>
          <Button loading={undo.isPending} onClick={() => undo.mutate()}>
            Take it back
          </Button>
        </Group>
      )}
      <Downloads tasks={attempt.tasks} />
    </Frame>
  );
}

/** Whether an instant has passed, by the server's clock; turns by itself. */
function usePassed(instant: string | null): boolean {
  const left = () => (instant === null ? 0 : Date.parse(instant) - serverNow());
  const [isPassed, setPassed] = useState(left() <= 0);
  useEffect(() => {
    setPassed(left() <= 0);
    const timer = setTimeout(() => setPassed(true), Math.max(0, left()));
    return () => clearTimeout(timer);
  });
  return isPassed;
}
