import { IconWifiOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { offlineSince, queuedEdits } from './connection.js';
import { useObservable } from './observable.js';
import classes from './offline-bar.module.css';
import { counted, timeOf } from './words.js';

/** A server that is started again is back before anyone needs to know. */
const SHOWN_AFTER_MS = 1_500;

/** Says since when there is no connection, and that nothing is lost by it. */
export function OfflineBar() {
  const since = useObservable(offlineSince);
  const edits = useObservable(queuedEdits);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (since === null) return setShown(false);
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [since]);
  return (
    <div role="status">
      {isShown && since !== null && (
        <p className={classes.bar}>
          <IconWifiOff size={18} aria-hidden />
          <span>
            <strong>{navigator.onLine ? 'Assay cannot be reached' : 'You are offline'}</strong> since{' '}
            {timeOf(since)}.
            {edits > 0 ? ` ${counted(edits, 'edit')} queued in this browser;` : ' Nothing is lost;'} we try
            again by ourselves.
          </span>
        </p>
      )}
    </div>
  );
}
