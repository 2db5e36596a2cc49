import { config } from './config.js';
import { TooManyRequests } from './errors.js';

const MAX_FAILURES = 5;

// username -> timestamps of failed logins
const failures = new Map();

function recentFailures(username) {
  const recent = (failures.get(username) ?? []).filter((time) => time > Date.now() - config.loginWindowMs);
  failures.set(username, recent);
  return recent;
}

export function checkLimit(username) {
  const recent = recentFailures(username);
  if (recent.length >= MAX_FAILURES) {
    throw new TooManyRequests(Math.ceil((recent[0] + config.loginWindowMs - Date.now()) / 1000));
  }
}

export function recordFailure(username) {
  recentFailures(username).push(Date.now());
}

export function reset(username) {
  failures.delete(username);
}
