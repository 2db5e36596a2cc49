/** Dense square matrices of the few dozen latents one candidate has. Nothing here knows what they mean. */

/** `values[index]`, which the caller's loop keeps in range; throws RangeError where it did not. */
export function entry(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no entry ${index} in ${values.length}`);
  return value;
}

export class SquareMatrix {
  private readonly cells: Float64Array;

  /** A matrix of zeros. */
  constructor(readonly size: number) {
    this.cells = new Float64Array(size * size);
  }

  at(row: number, column: number): number {
    // Cast, not checked: this is the innermost operation of the fit, and its loops are bounded by `size`.
    return this.cells[row * this.size + column] as number;
  }

  set(row: number, column: number, value: number): void {
    this.cells[row * this.size + column] = value;
  }

  add(row: number, column: number, value: number): void {
    this.set(row, column, this.at(row, column) + value);
  }

  copy(): SquareMatrix {
    const copy = new SquareMatrix(this.size);
    copy.cells.set(this.cells);
    return copy;
  }

  /** M·x */
  times(vector: readonly number[]): number[] {
    const product: number[] = [];
    for (let row = 0; row < this.size; row++) {
      let sum = 0;
      for (let column = 0; column < this.size; column++) sum += this.at(row, column) * entry(vector, column);
      product.push(sum);
    }
    return product;
  }

  /** x'·M·x */
  quadraticForm(vector: readonly number[]): number {
    return this.times(vector).reduce((sum, value, row) => sum + value * entry(vector, row), 0);
  }
}

/** The lower triangle L with M = L·L', or null when M is not positive definite. Reads M's lower triangle only. */
export function factorCholesky(matrix: SquareMatrix): SquareMatrix | null {
  const lower = new SquareMatrix(matrix.size);
  for (let row = 0; row < matrix.size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix.at(row, column);
      for (let k = 0; k < column; k++) rest -= lower.at(row, k) * lower.at(column, k);
      if (row > column) {
        lower.set(row, column, rest / lower.at(column, column));
      } else {
        if (!(rest > 0)) return null;
        lower.set(row, row, Math.sqrt(rest));
      }
    }
  }
  return lower;
}

/** M⁻¹ from M's Cholesky factor L. */
export function invertFromCholesky(lower: SquareMatrix): SquareMatrix {
  const { size } = lower;
  const inverseLower = new SquareMatrix(size);
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let rest = row === column ? 1 : 0;
      for (let k = column; k < row; k++) rest -= lower.at(row, k) * inverseLower.at(k, column);
      inverseLower.set(row, column, rest / lower.at(row, row));
    }
  }
  const inverse = new SquareMatrix(size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let k = row; k < size; k++) sum += inverseLower.at(k, row) * inverseLower.at(k, column);
      inverse.set(row, column, sum);
      inverse.set(column, row, sum);
    }
  }
  return inverse;
}
