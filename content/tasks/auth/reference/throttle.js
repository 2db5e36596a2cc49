import { HttpError } from './errors.js';

/** Lets an account fail `failures` times within `windowMs`. It knows names, not accounts, so it reveals none. */
export function createThrottle({ failures, windowMs }) {
  const timesOf = new Map(); // name → when it failed, oldest first

  const recent = (name) => {
    const since = performance.now() - windowMs;
    return (timesOf.get(name) ?? []).filter((failedAt) => failedAt.ms > since);
  };

  setInterval(() => {
    for (const name of timesOf.keys()) if (recent(name).length === 0) timesOf.delete(name);
  }, windowMs).unref();

  return {
    /**
     * Throws a 429 if the account has failed too often. Otherwise the attempt counts as failed from now on, so that guesses at
     * the same time count, too, until the function that is returned takes it back.
     */
    admit(name) {
      const times = recent(name);
      const now = performance.now();
      if (times.length >= failures) {
        const retryAfter = Math.ceil((times[0].ms + windowMs - now) / 1000);
        throw new HttpError(429, 'Too many failed logins', {
          'Retry-After': String(Math.max(1, retryAfter)),
        });
      }
      const attempt = { ms: now };
      timesOf.set(name, [...times, attempt]);
      return () =>
        timesOf.set(
          name,
          recent(name).filter((other) => other !== attempt),
        );
    },
  };
}
