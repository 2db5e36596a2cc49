import type { getAttempt, ResponseOf } from '@assay/contracts/http';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../api.js';
import { followAttempt, onAttemptEvent } from './follow-attempt.js';
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

/** Follows the attempt while the component lives: once a tab, at the root of its pages. */
export function useAttemptStream(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    let reading: ReturnType<typeof setTimeout> | undefined;
    const forget = onAttemptEvent(({ type }) => {
      if (type.startsWith('run.') || type === 'grading.progressed') return;
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
