import { Button, Group, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api.js';
import { Failure } from '../../attempt/failure.js';
import { type Attempt, useAttemptAction } from '../../attempt/use-attempt.js';
import { allowance, counted } from '../../attempt/words.js';
import { Frame } from '../frame.js';
import { Lead } from '../lead.js';
import { Rules } from '../rules.js';
import { ExtraTime } from './extra-time.js';
import { StartDialog } from './start-dialog.js';
import { Step, Steps } from './step.js';
import { Withdraw } from './withdraw.js';

/** Consent, practice, start: three steps, in their order. */
export function BeforeStart({ attempt }: { attempt: Attempt }) {
  const hasAgreed = attempt.state !== 'invited';
  return (
    <Frame attempt={attempt}>
      <Lead title="Before you start" over={attempt.assessment}>
        Three steps, at your own speed. The clock stands still until you start it.
      </Lead>
      <Steps>
        <ConsentStep attempt={attempt} hasAgreed={hasAgreed} />
        <PracticeStep attempt={attempt} hasAgreed={hasAgreed} />
        <StartStep attempt={attempt} hasAgreed={hasAgreed} />
      </Steps>
      <ExtraTime attempt={attempt} />
      <Withdraw />
    </Frame>
  );
}

interface StepOfAttemptProps {
  attempt: Attempt;
  hasAgreed: boolean;
}

function ConsentStep({ attempt, hasAgreed }: StepOfAttemptProps) {
  const agree = useAttemptAction(() => api.giveConsent({ body: { agreed: true } }));
  if (hasAgreed) {
    return (
      <Step number={1} title="You have agreed to the rules" state="done">
        <details>
          <summary>Read them again</summary>
          <Rules rules={attempt.rules} />
        </details>
      </Step>
    );
  }
  return (
    <Step number={1} title="Read the rules and agree" state="now">
      <Rules rules={attempt.rules} />
      {agree.error && <Failure error={agree.error} onRetry={() => agree.mutate()} />}
      <Group>
        <Button loading={agree.isPending} onClick={() => agree.mutate()}>
          I agree
        </Button>
      </Group>
    </Step>
  );
}

function PracticeStep({ attempt, hasAgreed }: StepOfAttemptProps) {
  if (!hasAgreed) return <Step number={2} title="Try the editor" state="later" />;
  return (
    <Step number={2} title="Try the editor" state="open">
      <Text>
        {attempt.practice
          ? 'A small warm-up task in the real editor: no clock, and never graded.'
          : 'There is no practice task at the moment. The editor explains itself; ? shows its keys.'}
      </Text>
      {attempt.practice && (
        <Group>
          <Button variant="default" component={Link} to="/attempt/practice">
            Open the practice task
          </Button>
        </Group>
      )}
    </Step>
  );
}

function StartStep({ attempt, hasAgreed }: StepOfAttemptProps) {
  const [isAsked, setAsked] = useState(false);
  if (!hasAgreed) return <Step number={3} title="Start the clock" state="later" />;
  return (
    <Step number={3} title="Start the clock" state="now">
      <Text>
        You have {allowance(attempt)}. Choose a quiet moment and a screen that is at least 1024 pixels wide;
        you can close the page and come back, and your work stays. Only an approved break stops the clock
        {attempt.breaks && attempt.breaks.left > 0
          ? `: you have ${counted(attempt.breaks.left, 'break')}, ${counted(Math.round(attempt.breaks.minutesLeft), 'minute')} together.`
          : '.'}
      </Text>
      <Group>
        <Button rightSection={<IconArrowRight size={16} aria-hidden />} onClick={() => setAsked(true)}>
          Start …
        </Button>
      </Group>
      <StartDialog attempt={attempt} isOpen={isAsked} onClose={() => setAsked(false)} />
    </Step>
  );
}
