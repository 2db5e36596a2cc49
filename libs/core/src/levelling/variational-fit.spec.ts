import { describe, expect, it } from '@jest/globals';
import { SquareMatrix } from './linear-algebra.js';
import { fitGaussian } from './variational-fit.js';

function standardPrior(size: number): { mean: number[]; covariance: SquareMatrix } {
  const covariance = new SquareMatrix(size);
  for (let i = 0; i < size; i++) covariance.set(i, i, 1);
  return { mean: Array(size).fill(0), covariance };
}

describe('fitGaussian', () => {
  it('is the exact posterior for Gaussian observations', () => {
    // The sum of two standard normals measured as 3 with variance 1: each has mean 1 and variance 2/3.
    const sum = { positions: [0, 1], slopeAt: (eta: number) => ({ score: 3 - eta, information: 1 }) };
    const { mean, covariance, scores } = fitGaussian(standardPrior(2), [sum]);
    expect(mean[0]).toBeCloseTo(1, 9);
    expect(covariance.at(0, 0)).toBeCloseTo(2 / 3, 9);
    expect(covariance.at(0, 1)).toBeCloseTo(-1 / 3, 9);
    expect(scores[0]).toBeCloseTo(1, 9);
  });

  it('counts negative information as none where it would outweigh the prior', () => {
    const surprise = { positions: [0], slopeAt: () => ({ score: 0.5, information: -2 }) };
    const { mean, covariance } = fitGaussian(standardPrior(1), [surprise]);
    expect(mean[0]).toBeCloseTo(0.5, 9);
    expect(covariance.at(0, 0)).toBeCloseTo(1, 9);
  });

  it('refuses a prior that is no distribution', () => {
    expect(() => fitGaussian({ mean: [0], covariance: new SquareMatrix(1) }, [])).toThrow('prior covariance');
  });
});
