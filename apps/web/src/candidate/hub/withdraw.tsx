import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api.js';
import { Failure } from '../../attempt/failure.js';
import { useAttemptAction } from '../../attempt/use-attempt.js';

/** A quiet way out, which can be taken back for ten minutes. */
export function Withdraw() {
  const [isAsked, setAsked] = useState(false);
  const withdraw = useAttemptAction(() => api.withdrawAttempt());
  return (
    <Group justify="flex-end">
      <Button variant="subtle" color="gray" c="dimmed" onClick={() => setAsked(true)}>
        Withdraw from this assessment
      </Button>
      <Modal
        opened={isAsked}
        onClose={() => setAsked(false)}
        title="Withdraw from this assessment?"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Text>
          Your attempt closes and nothing more is graded. You can take it back for ten minutes; after that
          only the person who invited you can help.
        </Text>
        {withdraw.error && <Failure error={withdraw.error} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setAsked(false)} data-autofocus>
            Stay
          </Button>
          <Button color="red" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            Withdraw
          </Button>
        </Group>
      </Modal>
    </Group>
  );
}
