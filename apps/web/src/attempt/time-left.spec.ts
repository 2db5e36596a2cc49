import { describe, expect, it } from '@jest/globals';
import { asClock, secondsLeft, warningBetween } from './time-left.js';

const NOON_MS = Date.parse('2026-12-01T12:00:00.000Z');
const at = (seconds: number) => new Date(NOON_MS + seconds * 1_000).toISOString();

describe('the time left', () => {
  it('is counted from the server’s now, never below nothing', () => {
    const attempt = { closesAt: at(90), onBreakSince: null, now: at(0) };
    expect(secondsLeft(attempt, NOON_MS)).toBe(90);
    expect(secondsLeft(attempt, NOON_MS + 89_001)).toBe(1);
    expect(secondsLeft(attempt, NOON_MS + 200_000)).toBe(0);
    expect(secondsLeft({ ...attempt, closesAt: null }, NOON_MS)).toBeNull();
  });

  it('stands still on a break, however long ago the answer came', () => {
    const attempt = { closesAt: at(90), onBreakSince: at(-30), now: at(0) };
    expect(secondsLeft(attempt, NOON_MS + 60_000)).toBe(90);
  });

  it.each([
    [5_400, '1 h 30 min'],
    [3_601, '1 h 01 min'],
    [3_600, '1 h 00 min'],
    [3_541, '1 h 00 min'],
    [601, '11 min'],
    [600, '10 min'],
    [599, '9:59'],
    [61, '1:01'],
    [7, '0:07'],
    [0, '0:00'],
  ])('%d seconds reads %s', (seconds, text) => {
    expect(asClock(seconds)).toBe(text);
  });

  it('is warned of once at ten, five and one minutes', () => {
    expect(warningBetween(601, 600)).toMatch(/^10 minutes left/);
    expect(warningBetween(600, 599)).toBeNull();
    expect(warningBetween(301, 300)).toMatch(/^5 minutes left/);
    expect(warningBetween(61, 60)).toMatch(/^1 minute left/);
    expect(warningBetween(1, 0)).toBeNull();
  });

  it('is warned of by the nearest mark after a sleep, and not when time was added', () => {
    expect(warningBetween(900, 200)).toMatch(/^5 minutes left/);
    expect(warningBetween(200, 900)).toBeNull();
  });
});
