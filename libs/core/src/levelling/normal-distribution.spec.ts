import { describe, expect, it } from '@jest/globals';
import { NORMAL_QUADRATURE, normalCdf } from './normal-distribution.js';

describe('normalCdf', () => {
  // Φ from tables to twelve digits
  it.each([
    [0, 0.5],
    [1, 0.841344746069],
    [-1, 0.158655253931],
    [1.959963984540054, 0.975],
    [-3, 0.00134989803163],
    [-6, 9.86587645e-10],
    [40, 1],
    [-40, 0],
    [Number.POSITIVE_INFINITY, 1],
  ])('of %d is %d', (z, expected) => {
    expect(Math.abs(normalCdf(z) - expected)).toBeLessThan(1e-12);
  });
});

describe('NORMAL_QUADRATURE', () => {
  it.each([
    [0, 1],
    [1, 0],
    [2, 1],
    [4, 3],
    [6, 15],
    [12, 10395],
  ])('gives the moment E[Z^%i] = %i', (power, moment) => {
    const sum = NORMAL_QUADRATURE.reduce((total, { node, weight }) => total + weight * node ** power, 0);
    expect(sum / Math.max(1, moment)).toBeCloseTo(moment / Math.max(1, moment), 10);
  });
});
