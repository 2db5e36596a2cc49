import { useEffect, useState } from 'react';
import { serverNow } from './server-time.js';
import type { Attempt } from './use-attempt.js';

const MINUTE_MS = 60_000;

/** The time left in whole seconds, by the server's clock; null while no clock runs. */
export function secondsLeft({ closesAt }: Pick<Attempt, 'closesAt'>, nowMs: number): number | null {
  return closesAt === null ? null : Math.max(0, Math.ceil((Date.parse(closesAt) - nowMs) / 1_000));
}

/** `1:05:09`, `42:10`, `0:07`. */
export function asClock(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** The time left, running; for the top bar of every page of an attempt. */
export function Clock({ attempt }: { attempt: Attempt }) {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const ticking = setInterval(() => setNow(serverNow()), 500);
    return () => clearInterval(ticking);
  }, []);
  const left = secondsLeft(attempt, now);
  if (left === null || attempt.state !== 'running') return null;
  return (
    <span role="timer" aria-label={`${Math.ceil((left * 1_000) / MINUTE_MS)} minutes left`}>
      {asClock(left)}
    </span>
  );
}
