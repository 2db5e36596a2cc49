import { describe, expect, it } from '@jest/globals';
import { isThrottled, MAX_LOGIN_FAILURES } from './login-throttle.js';
import { hashSecret, newSecret } from './secret.js';
import { isAllowed, type MemberAccess, type StaffAction, seesOwnRolesOnly } from './staff-access.js';

describe('who may do what', () => {
  // Written by hand, not computed from the table it checks.
  const may: [MemberAccess, StaffAction, boolean][] = [
    ['owner', 'role:create', true],
    ['recruiter', 'candidacy:invite', true],
    ['recruiter', 'submission:regrade', true],
    ['owner', 'queue:read', true],
    ['recruiter', 'queue:read', false],
    ['hiring_manager', 'role:read', true],
    ['hiring_manager', 'candidacy:read', true],
    ['hiring_manager', 'role:create', false],
    ['hiring_manager', 'candidacy:invite', false],
    ['hiring_manager', 'submission:regrade', false],
    ['interviewer', 'role:read', false],
    ['interviewer', 'candidacy:read', false],
    ['interviewer', 'submission:read', false],
  ];
  it.each(may)('%s, %s: %s', (access, action, expected) => expect(isAllowed(access, action)).toBe(expected));

  it('ends at their own roles for hiring managers and interviewers', () => {
    expect((['owner', 'recruiter', 'hiring_manager', 'interviewer'] as const).map(seesOwnRolesOnly)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('secrets', () => {
  it('are long, never the same, and cannot be read off their hash', () => {
    const secret = newSecret();
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(newSecret()).not.toBe(secret);
    expect(hashSecret(secret)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the log-in throttle', () => {
  const now = new Date('2026-01-01T12:00:00Z');
  const seen = (failures: number, ms: number) => ({ failures, windowEndsAt: new Date(now.getTime() + ms) });
  it('waits from the fifth failure until the window ends', () => {
    expect(isThrottled(null, now)).toBe(false);
    expect(isThrottled(seen(MAX_LOGIN_FAILURES - 1, 1), now)).toBe(false);
    expect(isThrottled(seen(MAX_LOGIN_FAILURES, 1), now)).toBe(true);
    expect(isThrottled(seen(MAX_LOGIN_FAILURES, 0), now)).toBe(false);
  });
});
