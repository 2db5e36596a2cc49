import type { getAttempt, ResponseOf } from '@assay/contracts/http';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../api.js';
import { followAttempt, onAttemptEvent } from './follow-attempt.js';
import { noteGrading } from './grading-progress.js';
import { keepBeating } from './heartbeat.js';
import { syncServerTime } from './server-time.js';

export type Attempt = ResponseOf<typeof getAttempt>;

/** Several events may come at once; the attempt is read once for all of them. */
const GATHER_MS = 30;

export const attemptQuery = queryOptions({
  queryKey: ['attempt'],
  async queryFn({ signal }) {
    const attempt = await api.getAttempt({}, { signal });
    syncServerTime(attempt.now);
    return attempt;
  },
});

/** The attempt as the server tells it, kept up to date by the tab's stream. */
export const useAttempt = () => useQuery(attemptQuery);

/** Something that the candidate does to the attempt; what the server answers is the attempt from then on. */
export function useAttemptAction<A = void>(action: (input: A) => Promise<Partial<Attempt>>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: action,
    onSuccess(changed) {
      if (changed.now) syncServerTime(changed.now);
      queries.setQueryData(attemptQuery.queryKey, (attempt) => attempt && { ...attempt, ...changed });
    },
  });
}

/** Follows the attempt while the component lives: once a tab, at the root of its pages. */
export function useAttemptStream(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    let reading: ReturnType<typeof setTimeout> | undefined;
    const forget = onAttemptEvent((event) => {
      noteGrading(event);
      if (event.type.startsWith('run.') || event.type === 'grading.progressed') return;
      clearTimeout(reading);
      reading = setTimeout(() => void queries.invalidateQueries(attemptQuery), GATHER_MS);
    });
    void followAttempt(stop.signal);
    return () => {
      stop.abort();
      forget();
      clearTimeout(reading);
    };
  }, [queries]);
}

/** Tells the server that this page is there, as long as the clock runs. */
export function useHeartbeat(attempt: Attempt | undefined): void {
  const queries = useQueryClient();
  const isRunning = attempt?.state === 'running';
  useEffect(() => {
    if (!isRunning) return;
    return keepBeating((clock) => {
      syncServerTime(clock.now);
      queries.setQueryData(attemptQuery.queryKey, (known) => known && { ...known, ...clock });
      if (clock.state !== 'running') void queries.invalidateQueries(attemptQuery);
    });
  }, [queries, isRunning]);
}
