import { ProblemError } from '@assay/contracts/client';
import { Loading, Notice } from '@assay/ui';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { isSessionOver } from '../attempt/connection.js';
import { Failure } from '../attempt/failure.js';
import { useObservable } from '../attempt/observable.js';
import { type Attempt, useAttempt } from '../attempt/use-attempt.js';
import { Frame } from './frame.js';
import { Lead } from './lead.js';

const isUnauthorised = (error: Error | null): boolean =>
  error instanceof ProblemError && error.problem.status === 401;

/** A page about the attempt, once it is known; before that, or without a session, what there is to say. */
export function AttemptPage({ children }: { children: (attempt: Attempt) => ReactNode }) {
  const { data: attempt, error, refetch } = useAttempt();
  const isOver = useObservable(isSessionOver);
  if (isOver || isUnauthorised(error)) {
    return (
      <Frame>
        <Lead title="Open the link of your invitation">
          You are not logged in, or your session has ended. The link that you were sent opens your assessment
          again, just as you left it.
        </Lead>
        <Notice kind="info" title="Nothing is lost">
          <Text>Everything that was saved is there. A clock that runs goes on running.</Text>
        </Notice>
      </Frame>
    );
  }
  if (attempt) return children(attempt);
  if (!error) {
    return (
      <Frame>
        <Loading />
      </Frame>
    );
  }
  return (
    <Frame>
      <Lead title="Your assessment could not be loaded" />
      <Failure error={error} onRetry={() => void refetch()} />
    </Frame>
  );
}
