import { ProblemError } from '@assay/contracts/client';
import { Notice } from '@assay/ui';
import { Button, Group, Text } from '@mantine/core';

/** What went wrong, in words for a person. */
function wordsOf(error: Error): { title: string; detail?: string; requestId?: string } {
  if (error instanceof ProblemError) {
    const { title, detail, requestId, errors } = error.problem;
    return { title, detail: detail ?? errors?.[0]?.message, requestId };
  }
  // What fetch rejects with when no answer came.
  if (error instanceof TypeError)
    return { title: 'Assay cannot be reached', detail: 'Is your network there?' };
  return { title: 'Something went wrong on our side' };
}

interface FailureProps {
  error: Error;
  /** What has become of the reader's work. */
  safety?: string;
  onRetry?: () => void;
}

/** What happened, whether the work is safe, a way to try again, and the number to ask us with. */
export function Failure({ error, safety = 'Nothing of yours is lost.', onRetry }: FailureProps) {
  const { title, detail, requestId } = wordsOf(error);
  return (
    <div role="alert">
      <Notice kind="bad" title={title}>
        <Text>{[detail, safety].filter(Boolean).join(' ')}</Text>
        {(onRetry || requestId) && (
          <Group gap="md">
            {onRetry && (
              <Button size="xs" variant="default" onClick={onRetry}>
                Try again
              </Button>
            )}
            {requestId && (
              <Text size="xs" c="dimmed">
                Request {requestId}
              </Text>
            )}
          </Group>
        )}
      </Notice>
    </div>
  );
}
