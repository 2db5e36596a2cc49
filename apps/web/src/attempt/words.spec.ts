import { describe, expect, it } from '@jest/globals';
import { counted, creditSentence, duration } from './words.js';

describe('words on screen', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [119, '119 seconds'],
    [120, '2 minutes'],
    [3_600, '1 hour'],
    [5_400, '1 hour 30 minutes'],
    [7_260, '2 hours 1 minute'],
  ])('%d seconds last %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('count in singular and plural', () => {
    expect([counted(0, 'file'), counted(1, 'file'), counted(2, 'file')]).toEqual([
      '0 files',
      '1 file',
      '2 files',
    ]);
  });

  it('say why the clock was moved, and that it goes on being moved', () => {
    const credit = { seconds: 130, from: '2026-12-01T12:00:00.000Z', to: '2026-12-01T12:02:10.000Z' };
    expect(creditSentence({ ...credit, kind: 'our_outage' })).toMatch(
      /^2 minutes added: our servers were away \(.+\)$/,
    );
    expect(creditSentence({ ...credit, kind: 'extra_time' })).toBe('2 minutes added: extra time was granted');
    expect(creditSentence({ ...credit, kind: 'break', to: null })).toMatch(
      /^Being added: you were on a break/,
    );
  });
});
