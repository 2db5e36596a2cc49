import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Attempt } from '../attempt/use-attempt.js';
import { AttemptPage } from './attempt-page.js';
import { Appeal } from './done/appeal.js';
import { Downloads } from './done/downloads.js';
import { FeedbackPanel } from './done/feedback.js';
import { Receipts } from './done/receipts.js';
import { WhatNext } from './done/what-next.js';
import { Withdrawn } from './done/withdrawn.js';
import { Frame } from './frame.js';
import { Lead } from './lead.js';

/** After the attempt: the receipt, how far the grading is, what comes next. */
export function DonePage() {
  return (
    <AttemptPage>
      {(attempt) => (attempt.state === 'closed' ? <Closed attempt={attempt} /> : <NotYet />)}
    </AttemptPage>
  );
}

/** Not closed: the hub knows what is to do. */
function NotYet() {
  const navigate = useNavigate();
  useEffect(() => void navigate({ to: '/attempt', replace: true }), [navigate]);
  return null;
}

function Closed({ attempt }: { attempt: Attempt }) {
  if (attempt.withdrawnAt !== null) return <Withdrawn attempt={attempt} />;
  const submitted = attempt.tasks.filter(({ submission }) => submission !== null);
  return (
    <Frame attempt={attempt}>
      {submitted.length > 0 ? (
        <Lead title="Your work is in" over={attempt.assessment}>
          Thank you for your time. Here is your receipt; you can close this page and come back with the link
          of your invitation.
        </Lead>
      ) : (
        <Lead title="This assessment is over" over={attempt.assessment}>
          {attempt.tasks.length > 0
            ? 'What was saved is being submitted for you; it will appear here in a moment.'
            : 'It was closed before the clock was started.'}
        </Lead>
      )}
      <FeedbackPanel />
      <Receipts tasks={submitted} />
      <WhatNext attempt={attempt} />
      <Downloads tasks={attempt.tasks} />
      <Appeal attempt={attempt} />
    </Frame>
  );
}
