import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entry, factorCholesky, invertFromCholesky, SquareMatrix } from './linear-algebra.js';

function matrix(rows: number[][]): SquareMatrix {
  const result = new SquareMatrix(rows.length);
  rows.forEach((row, i) => {
    row.forEach((value, j) => {
      result.set(i, j, value);
    });
  });
  return result;
}

describe('factorCholesky', () => {
  it('gives the lower triangle of a known matrix', () => {
    // Its textbook factor is whole: [[2,0,0],[6,1,0],[−8,5,3]]
    const lower = factorCholesky(
      matrix([
        [4, 12, -16],
        [12, 37, -43],
        [-16, -43, 98],
      ]),
    );
    const cells = [0, 1, 2].map((row) => [0, 1, 2].map((column) => lower?.at(row, column)));
    expect(cells).toEqual([
      [2, 0, 0],
      [6, 1, 0],
      [-8, 5, 3],
    ]);
  });

  it('is null for a matrix that is not positive definite', () => {
    expect(
      factorCholesky(
        matrix([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toBeNull();
    expect(factorCholesky(matrix([[0]]))).toBeNull();
    expect(factorCholesky(matrix([[Number.NaN]]))).toBeNull();
  });
});

describe('invertFromCholesky', () => {
  it('times the matrix is the identity', () => {
    const rows = fc.integer({ min: 1, max: 8 }).chain((size) =>
      fc.array(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: size, maxLength: size }), {
        minLength: size,
        maxLength: size,
      }),
    );
    fc.assert(
      fc.property(rows, (b) => {
        // B·B' + I is positive definite whatever B is.
        const dot = (x: number[], y: number[]): number =>
          x.reduce((sum, value, k) => sum + value * entry(y, k), 0);
        const m = matrix(b.map((x, i) => b.map((y, j) => dot(x, y) + (i === j ? 1 : 0))));
        const lower = factorCholesky(m);
        const inverse = lower && invertFromCholesky(lower);
        b.forEach((_, column) => {
          const unit = b.map((__, i) => (i === column ? 1 : 0));
          const back = m.times(inverse?.times(unit) ?? []);
          back.forEach((value, i) => expect(value).toBeCloseTo(entry(unit, i), 9));
        });
      }),
    );
  });
});

describe('SquareMatrix', () => {
  it("has x'Mx and a copy of its own", () => {
    const original = matrix([
      [2, 1],
      [1, 3],
    ]);
    expect(original.quadraticForm([1, -2])).toBe(2 - 2 - 2 + 12);
    const copy = original.copy();
    copy.add(0, 0, 5);
    expect([original.at(0, 0), copy.at(0, 0)]).toEqual([2, 7]);
  });
});

describe('entry', () => {
  it('throws outside the vector', () => {
    expect(() => entry([1], 1)).toThrow(RangeError);
  });
});
