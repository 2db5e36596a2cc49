import { Button, Group, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Failure } from './failure.js';

/** As much as the API takes. */
const MAX_LENGTH = 4_000;

interface MessageFormProps {
  label: string;
  description?: string;
  /** What stands above the text. */
  children?: ReactNode;
  /** What is rejected with is shown, and the text stays. */
  send(text: string): Promise<unknown>;
  onSent(): void;
  onCancel(): void;
}

/** A message from the candidate to people: a text, sent or not. */
export function MessageForm({ label, description, children, send, onSent, onCancel }: MessageFormProps) {
  const [text, setText] = useState('');
  const sending = useMutation({ mutationFn: () => send(text.trim()), onSuccess: onSent });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      {children}
      <Textarea
        label={label}
        description={description}
        autosize
        minRows={4}
        maxLength={MAX_LENGTH}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        // The one is for a page, the other for a dialog.
        autoFocus
        data-autofocus
      />
      {sending.error && <Failure error={sending.error} />}
      <Group mt="sm">
        <Button type="submit" loading={sending.isPending} disabled={text.trim() === ''}>
          Send
        </Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}
