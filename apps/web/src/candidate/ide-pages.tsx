import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Attempt } from '../attempt/use-attempt.js';
import Ide from '../ide/index.js';
import { AttemptPage } from './attempt-page.js';
import { BreakPage } from './break-page.js';

/** The warm-up task in the real IDE, from consent until the clock starts. */
export function PracticePage() {
  return <AttemptPage>{(attempt) => <Practice attempt={attempt} />}</AttemptPage>;
}

function Practice({ attempt }: { attempt: Attempt }) {
  if (attempt.state !== 'consented' || attempt.practice === null) return <ToHub />;
  return <Ide mode="practice" attempt={attempt} tasks={[attempt.practice]} onSubmitted={() => undefined} />;
}

/** The tasks of the attempt in the IDE, while the clock runs. */
export function WorkPage() {
  return <AttemptPage>{(attempt) => <Work attempt={attempt} />}</AttemptPage>;
}

function Work({ attempt }: { attempt: Attempt }) {
  // The hub tells what there is instead: the receipt, or the steps to the start.
  if (attempt.state !== 'running') return <ToHub />;
  if (attempt.onBreakSince !== null) return <BreakPage attempt={attempt} />;
  return <Ide mode="attempt" attempt={attempt} tasks={attempt.tasks} onSubmitted={() => undefined} />;
}

function ToHub() {
  const navigate = useNavigate();
  useEffect(() => void navigate({ to: '/attempt', replace: true }), [navigate]);
  return null;
}
