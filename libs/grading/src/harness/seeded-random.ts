import { createHash } from 'node:crypto';

/** Values that differ from run to run and can be had again from the run's seed. */
export interface SeededRandom {
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** `n` decimal digits; the first is never 0. */
  digits(n: number): string;
  /** `n` lower-case letters. */
  word(n: number): string;
  /** A shuffled copy. */
  shuffle<T>(list: readonly T[]): T[];
}

/** sfc32: small, fast, passes PractRand; quality is plenty for test data and nothing here is a secret. */
function sfc32(seed: Buffer): () => number {
  let a = seed.readUInt32LE(0);
  let b = seed.readUInt32LE(4);
  let c = seed.readUInt32LE(8);
  let counter = 1;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** One generator for one check: the same seed and name give the same values whatever other checks draw. */
export function seededRandom(seed: string, name: string): SeededRandom {
  const next = sfc32(createHash('sha256').update(`${seed}\n${name}`).digest());
  const integer = (min: number, max: number): number => {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max < min) {
      throw new RangeError(`random.integer needs whole numbers min <= max, not ${min} and ${max}`);
    }
    return min + Math.floor(next() * (max - min + 1));
  };
  const repeat = (n: number, draw: (index: number) => string) =>
    Array.from({ length: n }, (_, index) => draw(index)).join('');
  return {
    integer,
    digits: (n) => repeat(n, (index) => String(integer(index === 0 ? 1 : 0, 9))),
    word: (n) => repeat(n, () => String.fromCharCode(97 + integer(0, 25))),
    shuffle: (list) => {
      const copy = [...list];
      // Fisher–Yates from the end.
      for (let last = copy.length - 1; last > 0; last -= 1) {
        const other = integer(0, last);
        const held = copy[last] as (typeof copy)[number]; // both indexes lie inside the list
        copy[last] = copy[other] as (typeof copy)[number];
        copy[other] = held;
      }
      return copy;
    },
  };
}
