import { ProblemError } from '@assay/contracts/client';
import type { CandidateEvent } from '@assay/contracts/events';
import { api } from '../api.js';
import { isSessionOver, offlineSince } from './connection.js';
import { serverNow } from './server-time.js';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

const listeners = new Set<(event: CandidateEvent) => void>();
let reconnect = new AbortController();

/** Hears every event of the attempt once, those from before included. Returns how to stop hearing. */
export function onAttemptEvent(listener: (event: CandidateEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Gives the stream's connection up, since another request could not reach the server, and tries a new one at once. */
export const renewConnection = (): void => reconnect.abort();

/** Until it is over or `stop` aborts: rejects when the server cannot be reached. */
async function followOnce(lastEventId: number, stop: AbortSignal, onSequence: (sequence: number) => void) {
  reconnect = new AbortController();
  const leave = () => reconnect.abort();
  stop.addEventListener('abort', leave, { once: true });
  try {
    const events = await api.streamAttempt({}, { lastEventId, signal: reconnect.signal });
    offlineSince.set(null);
    for await (const { sequence, event } of events) {
      onSequence(sequence);
      for (const listener of listeners) listener(event);
    }
  } finally {
    stop.removeEventListener('abort', leave);
  }
}

/** Waits, or less when the browser says that the network is back. */
const wait = (ms: number) =>
  new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end, { once: true });
  });

/** The tab's one stream: resumes after the last event that it has heard, for as long as the session lasts. */
export async function followAttempt(stop: AbortSignal): Promise<void> {
  // The browser knows at once; the stream itself would just be silent.
  addEventListener('offline', renewConnection, { signal: stop });
  let last = 0;
  let failures = 0;
  while (!stop.aborted) {
    try {
      await followOnce(last, stop, (sequence) => {
        last = sequence;
      });
      failures = 0;
    } catch (error) {
      if (stop.aborted) return;
      if (error instanceof ProblemError && error.problem.status === 401) return isSessionOver.set(true);
      // One that was open until now has not failed before.
      failures = offlineSince.get() === null ? 1 : failures + 1;
      if (offlineSince.get() === null) offlineSince.set(serverNow());
    }
    await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures));
  }
}
