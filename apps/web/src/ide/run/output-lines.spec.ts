import { describe, expect, it } from '@jest/globals';
import { appendOutput, MAX_LINES, type OutputLine, shownLines } from './output-lines.js';

const written = (...pieces: string[]) =>
  pieces.reduce<OutputLine[]>((lines, piece, index) => appendOutput(lines, piece, index), []);
const texts = (lines: readonly OutputLine[]) => shownLines(lines).map(({ text }) => text);

describe('the lines of the output', () => {
  it('are whole wherever the pieces were cut, with the time of their first letter', () => {
    const lines = shownLines(written('liste', 'ning\nas', 'ked\n', '\nend'));
    expect(lines).toEqual([
      { number: 1, atMs: 0, text: 'listening' },
      { number: 2, atMs: 1, text: 'asked' },
      { number: 3, atMs: 3, text: '' },
      { number: 4, atMs: 3, text: 'end' },
    ]);
  });

  it('have no colours of a terminal and no other control characters', () => {
    expect(texts(written('\u001b[31mred\u001b[0m\tx\u0007\r\n', '\u001b]0;title\u0007y'))).toEqual([
      'red\tx',
      'y',
    ]);
  });

  it('are the last ones, with their numbers', () => {
    const lines = written('x\n'.repeat(MAX_LINES + 10));
    expect(lines).toHaveLength(MAX_LINES);
    expect(lines.at(-1)?.number).toBe(MAX_LINES + 11);
  });

  it('are cut when one is endless', () => {
    expect(texts(written('x'.repeat(100_000)))[0]?.length).toBeLessThan(5_000);
  });
});
