import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { AttemptPage } from './attempt-page.js';
import { BreakPage } from './break-page.js';
import { BeforeStart } from './hub/before-start.js';
import { Running } from './hub/running.js';

/** The hub: what comes next, whatever the state. A closed attempt is told on its own page. */
export function HubPage() {
  return (
    <AttemptPage>
      {(attempt) => {
        if (attempt.state === 'closed') return <ToDone />;
        if (attempt.onBreakSince !== null) return <BreakPage attempt={attempt} />;
        return attempt.state === 'running' ? (
          <Running attempt={attempt} />
        ) : (
          <BeforeStart attempt={attempt} />
        );
      }}
    </AttemptPage>
  );
}

function ToDone() {
  const navigate = useNavigate();
  useEffect(() => void navigate({ to: '/attempt/done', replace: true }), [navigate]);
  return null;
}
