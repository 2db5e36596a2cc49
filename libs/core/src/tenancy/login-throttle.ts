export const MAX_LOGIN_FAILURES = 5;
export const LOGIN_WINDOW_MS = 60_000;

export interface LoginFailures {
  failures: number;
  windowEndsAt: Date;
}

/** Whether an account's log-ins wait: five failures within a minute, even if the next password would be right. */
export function isThrottled(seen: LoginFailures | null, now: Date): boolean {
  return seen !== null && seen.failures >= MAX_LOGIN_FAILURES && seen.windowEndsAt > now;
}
