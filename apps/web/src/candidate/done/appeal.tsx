import { Notice, Panel } from '@assay/ui';
import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api.js';
import { MessageForm } from '../../attempt/message-form.js';
import { type Attempt, attemptQuery } from '../../attempt/use-attempt.js';
import { dayOf } from '../../attempt/words.js';

/** Asks a person to look again; says by when they must answer, and what they said. */
export function Appeal({ attempt: { appeal } }: { attempt: Attempt }) {
  const [isWriting, setWriting] = useState(false);
  return (
    <Panel title="Something is not right?">
      {appeal ? (
        <Notice
          kind={appeal.answer === null ? 'info' : 'good'}
          title={appeal.answer === null ? `You will have an answer by ${dayOf(appeal.dueAt)}` : 'Answered'}
          isLive
        >
          <Text>You wrote: “{appeal.text}”</Text>
          {appeal.answer !== null && <Text>{appeal.answer}</Text>}
        </Notice>
      ) : isWriting ? (
        <AppealForm onDone={() => setWriting(false)} />
      ) : (
        <>
          <Text mb="sm">
            If you think that something was graded wrongly, or that the circumstances were not fair, ask a
            person to look again. You will have an answer within seven days.
          </Text>
          <Button variant="default" onClick={() => setWriting(true)}>
            Appeal
          </Button>
        </>
      )}
    </Panel>
  );
}

function AppealForm({ onDone }: { onDone(): void }) {
  const queries = useQueryClient();
  return (
    <MessageForm
      label="What should we look at again?"
      send={async (text) => {
        await api.appealResult({ body: { text } });
        await queries.invalidateQueries(attemptQuery);
      }}
      onSent={onDone}
      onCancel={onDone}
    />
  );
}
