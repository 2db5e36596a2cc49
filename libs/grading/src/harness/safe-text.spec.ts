import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { safeText } from './safe-text.js';

describe('safeText', () => {
  test.each([
    ['plain text\n\twith breaks', 'plain text\n\twith breaks'],
    ['windows\r\nlines', 'windows\nlines'],
    ['nul \0 and bell \x07', 'nul \ufffd and bell \ufffd'],
    ['a lone \ud83d surrogate', 'a lone \ufffd surrogate'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b]0;title\x07text', 'text'],
    ['é 😀', 'é 😀'],
  ])('%j', (text, safe) => {
    expect(safeText(text, 100)).toBe(safe);
  });

  test('a cut shows, and never leaves half a character', () => {
    expect(safeText('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(safeText('12345678😀1', 10)).toBe('12345678\ufffd…');
  });

  test('whatever comes in, what goes out fits and can be stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, max) => {
        const safe = safeText(text, max);
        expect(safe.length).toBeLessThanOrEqual(max);
        expect(safe).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
        expect(Buffer.from(safe).toString()).toBe(safe);
      }),
    );
  });
});
