import { describe, expect, it } from '@jest/globals';
import { isInvitationOpen } from './invitation.js';
import { assertRoleOpen, weighedCompetencies } from './role.js';

const now = new Date('2026-01-01T12:00:00Z');
const soon = new Date(now.getTime() + 1);

describe('a role', () => {
  it('keeps the competencies that weigh something, and needs one', () => {
    expect(weighedCompetencies({ rest: 2, sql: 0, sec: 0.5 })).toEqual([
      { competency: 'rest', weight: 2 },
      { competency: 'sec', weight: 0.5 },
    ]);
    for (const nothing of [{}, { rest: 0 }] as Record<string, number>[]) {
      expect(() => weighedCompetencies(nothing)).toThrow(expect.objectContaining({ code: 'role.no_weight' }));
    }
  });

  it('takes nobody once closed', () => {
    expect(() => assertRoleOpen({ closedAt: null })).not.toThrow();
    expect(() => assertRoleOpen({ closedAt: now })).toThrow(expect.objectContaining({ code: 'role.closed' }));
  });
});

describe('an invitation', () => {
  it('is open until it expires or is revoked', () => {
    expect(isInvitationOpen({ expiresAt: soon, revokedAt: null }, now)).toBe(true);
    expect(isInvitationOpen({ expiresAt: now, revokedAt: null }, now)).toBe(false);
    expect(isInvitationOpen({ expiresAt: soon, revokedAt: now }, now)).toBe(false);
  });
});
