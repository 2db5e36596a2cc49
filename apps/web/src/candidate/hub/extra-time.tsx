import { Notice, Panel } from '@assay/ui';
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api.js';
import { MessageForm } from '../../attempt/message-form.js';
import { type Attempt, useAttemptAction } from '../../attempt/use-attempt.js';
import { allowance, counted } from '../../attempt/words.js';

/** What was granted, in words. */
function granted(attempt: Attempt): string {
  const { accommodation } = attempt;
  if (!accommodation) return '';
  const { multiplier, breaks, breakMinutes } = accommodation;
  const parts = [
    multiplier > 1 && `${allowance(attempt)} in all`,
    breaks > 0 && `${counted(breaks, 'break')}, ${counted(breakMinutes, 'minute')} together`,
  ].filter(Boolean);
  return parts.length > 0 ? `You have ${parts.join(', and ')}. ` : '';
}

/** Asks for more time or breaks, and shows live what became of it. Those who rate never see any of it. */
export function ExtraTime({ attempt }: { attempt: Attempt }) {
  const request = attempt.extraTimeRequest;
  const [isWriting, setWriting] = useState(false);
  return (
    <Panel title="Do you need more time, or breaks?">
      <div role="status">
        {request?.state === 'open' && (
          <Notice kind="info" title="You have asked; the answer will appear here">
            <Text>“{request.text}”</Text>
          </Notice>
        )}
        {request?.state === 'granted' && (
          <Notice kind="good" title="Granted">
            <Text>
              {granted(attempt)}
              {request.answer}
            </Text>
          </Notice>
        )}
        {request?.state === 'declined' && (
          <Notice kind="warning" title="Not granted">
            <Text>{request.answer ?? 'You may ask again, or ask the person who invited you.'}</Text>
          </Notice>
        )}
        {!request && attempt.accommodation && (
          <Notice kind="good" title="Granted">
            <Text>{granted(attempt)}</Text>
          </Notice>
        )}
      </div>
      {request?.state !== 'open' &&
        (isWriting ? (
          <RequestForm onDone={() => setWriting(false)} />
        ) : (
          <>
            <Text my="xs" c="dimmed">
              Disability, illness, a screen reader, a child to feed: say what would help. The organisation
              decides; whoever rates your work never learns of it.
            </Text>
            <Button variant="default" onClick={() => setWriting(true)}>
              {request ? 'Ask again' : 'Ask for more time'}
            </Button>
          </>
        ))}
    </Panel>
  );
}

function RequestForm({ onDone }: { onDone(): void }) {
  const ask = useAttemptAction((text: string) => api.requestExtraTime({ body: { text } }));
  return (
    <MessageForm
      label="What would help?"
      description="For instance: “half as much time again, and two breaks of ten minutes”. No proof, no details of your health."
      send={(text) => ask.mutateAsync(text)}
      onSent={onDone}
      onCancel={onDone}
    />
  );
}
