/** Beyond this many SDs the tail holds less than the rounding of a double near 1. */
const TAIL_Z = 8.5;

/**
 * Φ(z): the share of a standard normal below `z`, to about 1e-15 absolute.
 * Series Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/(3·5) + …), Marsaglia, J. Stat. Software 11(4), 2004.
 */
export function normalCdf(z: number): number {
  if (z > TAIL_Z) return 1;
  if (z < -TAIL_Z) return 0;
  let sum = z;
  let term = z;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  const cdf = 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  return Math.min(1, Math.max(0, cdf));
}

/**
 * Nodes and weights of the 7-point Gauss–Hermite rule for a standard normal (roots of He₇): Σ weight·f(node) is
 * E[f(Z)], exact for polynomials up to degree 13. Abramowitz & Stegun, table 25.10, nodes·√2 and weights/√π.
 */
export const NORMAL_QUADRATURE: readonly { node: number; weight: number }[] = [
  { node: -3.7504397177257425, weight: 0.000548268855972217 },
  { node: -2.366759410734541, weight: 0.03075712396758652 },
  { node: -1.1544053947399682, weight: 0.2401231786050127 },
  { node: 0, weight: 0.45714285714285724 },
  { node: 1.1544053947399682, weight: 0.2401231786050127 },
  { node: 2.366759410734541, weight: 0.03075712396758652 },
  { node: 3.7504397177257425, weight: 0.000548268855972217 },
];
