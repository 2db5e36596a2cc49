import { Button, Group, Modal, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api.js';
import { Failure } from '../../attempt/failure.js';
import { type Attempt, useAttemptAction } from '../../attempt/use-attempt.js';
import { allowance } from '../../attempt/words.js';

interface StartDialogProps {
  attempt: Attempt;
  isOpen: boolean;
  onClose(): void;
}

/** Names what a press will do: the one way to start the clock. */
export function StartDialog({ attempt, isOpen, onClose }: StartDialogProps) {
  const navigate = useNavigate();
  const start = useAttemptAction(async () => {
    const started = await api.startAttempt();
    await navigate({ to: '/attempt/ide' });
    return started;
  });
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Start the clock?"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text>
        The clock starts now and runs for {allowance(attempt)}, also while this page is closed. When it ends,
        what is saved is submitted by itself.
        {attempt.extraTimeRequest?.state === 'open' &&
          ' Your request for extra time is not answered yet; you may also wait for the answer.'}
      </Text>
      {start.error && <Failure error={start.error} safety="The clock has not been started by this." />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Not yet
        </Button>
        <Button loading={start.isPending} onClick={() => start.mutate()} data-autofocus>
          Start the clock
        </Button>
      </Group>
    </Modal>
  );
}
