import { ProblemError } from '@assay/contracts/client';
import type { ResponseOf, sendHeartbeat } from '@assay/contracts/http';
import { api } from '../api.js';
import { renewConnection } from './follow-attempt.js';

const ANSWERED_WITHIN_MS = 10_000;

let editsSinceAnswer = 0;
let hasMissed = false;

/** Notes an edit of the candidate's: a gap in the connection is credited only if nothing was edited in it. */
export function noteEdit(): void {
  editsSinceAnswer += 1;
}

/** One heartbeat. Null when the server did not answer it; the next one then tells what was edited meanwhile. */
async function beat(): Promise<ResponseOf<typeof sendHeartbeat> | null> {
  const edits = editsSinceAnswer;
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), ANSWERED_WITHIN_MS);
  try {
    const body = { editsWhileAway: hasMissed ? edits : 0 };
    const clock = await api.sendHeartbeat({ body }, { signal: slow.signal });
    hasMissed = false;
    editsSinceAnswer -= edits;
    return clock;
  } catch (error) {
    // A problem document is an answer: the server is there.
    if (error instanceof ProblemError) return null;
    hasMissed = true;
    renewConnection();
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Tells the server every 15 s that this page is there, and at once when the network or the reader comes back.
 * `onClock` gets each answer. Returns how to stop.
 */
export function keepBeating(onClock: (clock: ResponseOf<typeof sendHeartbeat>) => void): () => void {
  let last = Promise.resolve();
  let isStopped = false;
  const next = () => {
    // One after the other: each says what was edited since the one before.
    last = last.then(async () => {
      const clock = isStopped ? null : await beat();
      if (clock && !isStopped) onClock(clock);
    });
  };
  const timer = new Worker(new URL('./heartbeat-timer.ts', import.meta.url), { type: 'module' });
  timer.addEventListener('message', next);
  addEventListener('online', next);
  document.addEventListener('visibilitychange', next);
  next();
  return () => {
    isStopped = true;
    timer.terminate();
    removeEventListener('online', next);
    document.removeEventListener('visibilitychange', next);
  };
}
