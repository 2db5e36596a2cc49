import { describe, expect, it } from '@jest/globals';
import { type Evidence, estimateLevel } from './index.js';

describe('extreme evidence', () => {
  const repeated = (count: number, passed: boolean, ids: (i: number) => string): Evidence[] =>
    Array.from({ length: count }, (_, i) => {
      return { kind: 'check', id: ids(i), taskId: 'a', competency: 'perf', level: 'mid', weight: 1, passed };
    });

  it.each([
    ['200 passed', repeated(200, true, String), 1],
    ['200 failed', repeated(200, false, String), -1],
    ['200 passed under one id', repeated(200, true, () => 'same'), 1],
    ['200 failed under one id', repeated(200, false, () => 'same'), -1],
  ])('%s stay finite and add up', (_, evidence, sign) => {
    const estimate = estimateLevel(evidence, { perf: 1, own: 1 });
    const numbers = [estimate.overall, ...estimate.competencies]
      .flatMap(({ mean, sd, probabilities }) => [mean, sd, ...Object.values(probabilities)])
      .concat(estimate.contributions.map(({ contribution }) => contribution));
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(Math.sign(estimate.overall.mean)).toBe(sign);
    expect(estimate.overall.sd).toBeGreaterThan(0.3);
    const sum = estimate.contributions.reduce((total, { contribution }) => total + contribution, 0);
    expect(sum).toBeCloseTo(estimate.overall.mean, 6);
  });

  it('of two hundred that contradict each other settles in the middle', () => {
    const evidence = [...repeated(100, true, (i) => `p${i}`), ...repeated(100, false, (i) => `f${i}`)];
    const { overall } = estimateLevel(evidence, { perf: 1 });
    expect(Math.abs(overall.mean)).toBeLessThan(1);
    expect(overall.sd).toBeLessThan(0.8);
  });
});
