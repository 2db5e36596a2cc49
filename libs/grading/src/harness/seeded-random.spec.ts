import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type SeededRandom, seededRandom } from './seeded-random.js';

const sample = (random: SeededRandom) => [
  random.integer(1, 1_000_000),
  random.digits(13),
  random.word(8),
  random.shuffle([1, 2, 3, 4, 5, 6, 7, 8]),
];

describe('seededRandom', () => {
  test('the same seed and check give the same values, another seed or check gives others', () => {
    expect(sample(seededRandom('s', 'a'))).toEqual(sample(seededRandom('s', 'a')));
    expect(sample(seededRandom('s', 'a'))).not.toEqual(sample(seededRandom('t', 'a')));
    expect(sample(seededRandom('s', 'a'))).not.toEqual(sample(seededRandom('s', 'b')));
  });

  test('values keep to their forms', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: -50, max: 0 }),
        fc.integer({ min: 0, max: 50 }),
        (seed, min, max) => {
          const random = seededRandom(seed, 'check');
          const drawn = random.integer(min, max);
          expect(Number.isInteger(drawn) && drawn >= min && drawn <= max).toBe(true);
          expect(random.digits(13)).toMatch(/^[1-9]\d{12}$/);
          expect(random.word(max)).toMatch(new RegExp(`^[a-z]{${max}}$`));
          expect([...random.shuffle([3, 1, 2])].sort((a, b) => a - b)).toEqual([1, 2, 3]);
        },
      ),
    );
  });

  test('every value of a small range comes up, evenly enough', () => {
    const random = seededRandom('even', 'check');
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 4_000; n += 1) {
      const drawn = random.integer(0, 3);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // five standard deviations of a fair draw
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(140);
  });

  test('a range that is none is the author’s mistake', () => {
    expect(() => seededRandom('s', 'a').integer(2, 1)).toThrow(RangeError);
    expect(() => seededRandom('s', 'a').integer(0.5, 1)).toThrow(RangeError);
  });
});
