import { VisuallyHidden } from '@mantine/core';
import { announcement } from './connection.js';
import { useObservable } from './observable.js';

/** Reads out, politely, what was announced. */
export function Announcer() {
  return (
    <VisuallyHidden role="status" aria-live="polite" data-announcer>
      {useObservable(announcement)}
    </VisuallyHidden>
  );
}
