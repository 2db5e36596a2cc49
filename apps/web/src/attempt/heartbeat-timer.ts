/** A worker, since the timers of a tab that nobody looks at may sleep for a minute. */
const EVERY_MS = 15_000;

setInterval(() => postMessage('beat'), EVERY_MS);
