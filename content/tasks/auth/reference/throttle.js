import { HttpError } from './errors.js';

const tooManyFailures = (waitMs) =>
  new HttpError(429, 'Too many failed logins', { 'Retry-After': String(Math.ceil(waitMs / 1000)) });

/** Lets an account fail `failures` times within `windowMs`. It knows names, not accounts, so it reveals none. */
export function createThrottle({ failures, windowMs }) {
  const failuresOf = new Map(); // name → [{ at }], oldest first; `at` as in performance.now()

  const recent = (name, now) => (failuresOf.get(name) ?? []).filter(({ at }) => at > now - windowMs);

  setInterval(() => {
    const now = performance.now();
    for (const name of failuresOf.keys()) if (recent(name, now).length === 0) failuresOf.delete(name);
  }, windowMs).unref();

  return {
    /**
     * Throws a 429 if this account has failed too often. Otherwise the attempt counts as failed from now on, because
     * others may come while its password is being checked; the function that is returned takes that back.
     */
    admit(name) {
      const now = performance.now();
      const earlier = recent(name, now);
      if (earlier.length >= failures) throw tooManyFailures(earlier[0].at + windowMs - now);
      const attempt = { at: now };
      failuresOf.set(name, [...earlier, attempt]);
      return () => {
        const others = failuresOf.get(name)?.filter((failure) => failure !== attempt);
        failuresOf.set(name, others ?? []);
      };
    },
  };
}
