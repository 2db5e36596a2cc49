import { observable } from './observable.js';

/** Since when this tab has had no connection (server time, ms); null while it has one. */
export const offlineSince = observable<number | null>(null);

/** Edits that this browser keeps and the server does not have yet. The IDE counts, the bar shows. */
export const queuedEdits = observable(0);

/** Whether the session is over: the link of the invitation opens it again. */
export const isSessionOver = observable(false);

/** What is read out to whoever does not see the page. The newest counts. */
export const announcement = observable('');
