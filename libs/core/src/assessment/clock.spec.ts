import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allowanceEnd,
  type ClockLedger,
  isTimeOver,
  MAX_NETWORK_CREDIT_MS,
  outagesOf,
  type Span,
  settleClock,
} from './clock.js';

const noon = new Date('2026-01-01T12:00:00Z');
const at = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);
const span = (from: number, to: number): Span => ({ from: at(from), to: at(to) });
const gap = (from: number, to: number, edits = 0) => ({ ...span(from, to), edits });
const HOUR = 3_600;
const ledger = (rest: Partial<ClockLedger> = {}): ClockLedger => ({
  startedAt: noon,
  allowanceEndsAt: at(HOUR),
  extraTime: null,
  breaks: [],
  outages: [],
  gaps: [],
  ...rest,
});
const closesAfter = (rest: Partial<ClockLedger>) =>
  (settleClock(ledger(rest)).closesAt.getTime() - noon.getTime()) / 1_000 - HOUR;
const kinds = (rest: Partial<ClockLedger>) =>
  settleClock(ledger(rest)).credits.map(({ kind, seconds }) => [kind, seconds]);

describe('the clock', () => {
  it('closes after the minutes when nothing happens', () => {
    expect(settleClock(ledger())).toEqual({ closesAt: at(HOUR), credits: [] });
  });

  it('credits our outages in full, also far beyond the allowance', () => {
    expect(closesAfter({ outages: [span(10, 70), span(3_000, 90_000)] })).toBe(60 + 87_000);
  });

  it('credits an outage that begins in time that an earlier one has given', () => {
    expect(closesAfter({ outages: [span(0, 100), span(3_650, 3_660)] })).toBe(110);
    expect(closesAfter({ outages: [span(3_650, 3_660)] })).toBe(0);
  });

  it('credits gaps in the network up to ten minutes together', () => {
    expect(kinds({ gaps: [gap(0, 400), gap(1_000, 1_400)] })).toEqual([
      ['network_gap', 400],
      ['network_gap', 200],
    ]);
  });

  it('forfeits only the gap that was edited in', () => {
    expect(kinds({ gaps: [gap(0, 100, 1), gap(200, 300)] })).toEqual([['network_gap', 100]]);
  });

  it('counts an outage within a gap once, as ours, even when the gap was edited in', () => {
    expect(kinds({ gaps: [gap(0, 100)], outages: [span(20, 50)] })).toEqual([
      ['network_gap', 20],
      ['our_outage', 30],
      ['network_gap', 50],
    ]);
    expect(kinds({ gaps: [gap(0, 100, 9)], outages: [span(20, 50)] })).toEqual([['our_outage', 30]]);
  });

  it('stands still in a break, whatever else happens in it', () => {
    const all = { breaks: [span(100, 400)], outages: [span(200, 300)], gaps: [gap(90, 500)] };
    expect(kinds(all)).toEqual([
      ['network_gap', 10],
      ['break', 300],
      ['network_gap', 100],
    ]);
  });

  it('gives extra time from when it was granted', () => {
    const extraTime = { multiplier: 1.5, grantedAt: at(-50) };
    expect(settleClock(ledger({ extraTime }))).toEqual({
      closesAt: at(1.5 * HOUR),
      credits: [{ kind: 'extra_time', seconds: HOUR / 2, from: noon, to: noon }],
    });
    expect(closesAfter({ extraTime: { multiplier: 1, grantedAt: noon } })).toBe(0);
  });

  /** Seconds around an attempt of a minute, so that spans meet, and meet its end. */
  const second = fc.integer({ min: -60, max: 400 });
  const spans = fc.array(
    fc.tuple(second, second).map(([a, b]) => span(Math.min(a, b), Math.max(a, b))),
    { maxLength: 4 },
  );
  const anyLedger = fc.record({
    startedAt: fc.constant(noon),
    allowanceEndsAt: fc.constant(at(60)),
    extraTime: fc.option(
      fc.record({ multiplier: fc.double({ min: 1, max: 3, noNaN: true }), grantedAt: second.map(at) }),
    ),
    breaks: spans,
    outages: spans,
    gaps: spans.chain((all) =>
      fc.tuple(...all.map((one) => fc.nat(1).map((edits) => ({ ...one, edits })))).map((made) => [...made]),
    ),
  });

  it('never gives less than nothing, nor one second twice, whatever happened', () => {
    fc.assert(
      fc.property(anyLedger, (any) => {
        const { closesAt, credits } = settleClock(any);
        let until = -Infinity;
        for (const { kind, seconds, from, to } of credits.filter((one) => one.kind !== 'extra_time')) {
          expect(seconds).toBeGreaterThan(0);
          expect(seconds * 1_000).toBe(to.getTime() - from.getTime());
          expect(from.getTime()).toBeGreaterThanOrEqual(Math.max(until, noon.getTime()));
          expect(kind).toMatch(/break|our_outage|network_gap/);
          until = to.getTime();
        }
        const sum = credits.reduce((ms, { seconds }) => ms + Math.round(seconds * 1_000), 0);
        expect(closesAt.getTime()).toBe(noon.getTime() + 60_000 + sum);
        expect(allowanceEnd(closesAt, credits)).toEqual(at(60));
      }),
    );
  });

  it('gives what one finds who walks through it second by second', () => {
    fc.assert(
      fc.property(anyLedger, (any) => {
        const isIn = (all: readonly Span[], from: Date) => all.some((s) => s.from <= from && from < s.to);
        const extra = Math.round(60_000 * ((any.extraTime?.multiplier ?? 1) - 1));
        let closesAt = noon.getTime() + 60_000 + Math.max(0, extra);
        let network = MAX_NETWORK_CREDIT_MS;
        const isFree = (s: Date) => isIn(any.breaks, s) || isIn(any.outages, s);
        const silent = any.gaps.filter(({ edits }) => edits === 0);
        for (let s = 0; s < 500; s += 1) {
          const now = at(s);
          if (now.getTime() >= closesAt) break;
          if (isFree(now)) closesAt += 1_000;
          else if (isIn(silent, now) && network > 0) {
            network -= 1_000;
            closesAt += 1_000;
          }
        }
        expect(settleClock(any).closesAt.getTime()).toBe(closesAt);
      }),
    );
  });

  it('never takes the ten minutes of network for more, however many gaps', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9_000), fc.nat(2_000))), (all) => {
        const gaps = all.map(([from, seconds]) => gap(from, from + seconds));
        expect(closesAfter({ gaps })).toBeLessThanOrEqual(MAX_NETWORK_CREDIT_MS / 1_000);
      }),
    );
  });

  it('only ever moves on as more of an outage is known', () => {
    fc.assert(
      fc.property(anyLedger, second, fc.nat(300), fc.nat(300), (any, from, short, more) => {
        const closing = (to: number) =>
          settleClock({ ...any, outages: [...any.outages, span(from, to)] }).closesAt.getTime();
        expect(closing(from + short + more)).toBeGreaterThanOrEqual(closing(from + short));
      }),
    );
  });
});

describe('outages of ours', () => {
  it('are the times in which none of the processes lived', () => {
    const lives = [span(0, 100), span(130, 300), span(200, 400), span(401, 1_000)];
    expect(outagesOf(lives, at(-500))).toEqual([span(100, 130), span(400, 401)]);
  });

  it('count from the start of the attempt only', () => {
    expect(outagesOf([span(0, 100), span(200, 300), span(400, 1_000)], at(250))).toEqual([span(300, 400)]);
    expect(outagesOf([span(0, 100), span(200, 1_000)], at(150))).toEqual([span(150, 200)]);
  });

  it('are none where nothing is known', () => {
    expect(outagesOf([], noon)).toEqual([]);
    expect(outagesOf([span(500, 1_000)], noon)).toEqual([]);
  });

  it('keep an attempt open until an API has lived after its end', () => {
    expect(isTimeOver(at(10), at(10), at(9))).toBe(false);
    expect(isTimeOver(at(10), at(9), at(10))).toBe(false);
    expect(isTimeOver(at(10), at(11), at(10))).toBe(true);
    expect(isTimeOver(at(10), at(11), null)).toBe(true);
  });
});
