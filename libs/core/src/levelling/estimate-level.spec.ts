import { describe, expect, it } from '@jest/globals';
import { type Competency, type Evidence, estimateLevel, type RatingScore } from './index.js';
import { levelProbabilities } from './statement.js';

function checks(competency: Competency, count: number, passed = true): Evidence[] {
  return Array.from({ length: count }, (_, i): Evidence => {
    const id = `${competency} ${i}`;
    return { kind: 'check', id, taskId: 'task', competency, level: 'mid', weight: 1, passed };
  });
}
function rating(competency: Competency, score: RatingScore): Evidence {
  return { kind: 'rating', id: `${competency} rated`, raterId: 'rater', competency, score };
}

describe('estimateLevel', () => {
  it('gives the prior back where there is no evidence', () => {
    const { overall, competencies, contributions } = estimateLevel([], { sql: 1, rest: 1 });
    expect(overall.mean).toBe(0);
    // Variance of the mean of two competencies: 1.69·(1 + .6)/2 + .25
    expect(overall.sd).toBeCloseTo(Math.sqrt(1.69 * 0.8 + 0.25), 12);
    expect(overall.probabilities).toEqual(levelProbabilities(0, overall.sd));
    expect(overall.statement).toEqual({ kind: 'no_evidence' });
    expect(competencies.map(({ competency }) => competency)).toEqual(['rest', 'sql']);
    for (const { mean, sd, basis, statement } of competencies) {
      expect([mean, basis, statement.kind]).toEqual([0, 'no_evidence', 'no_evidence']);
      expect(sd).toBeCloseTo(Math.sqrt(1.69 + 0.25), 12);
    }
    expect(contributions).toEqual([]);
  });

  it('says what each competency rests on', () => {
    const evidence = [...checks('async', 3), ...checks('rest', 2), rating('sql', 2)];
    const { competencies } = estimateLevel(evidence, { async: 1, perf: 1, own: 2 });
    expect(
      competencies.map(({ competency, basis, checks, ratings }) => [competency, basis, checks, ratings]),
    ).toEqual([
      ['async', 'evidence', 3, 0],
      ['rest', 'inferred', 2, 0],
      ['sql', 'evidence', 0, 1],
      ['perf', 'no_evidence', 0, 0],
      ['own', 'no_evidence', 0, 0],
    ]);
    const statements = competencies.map(({ statement }) => statement.kind === 'no_evidence');
    expect(statements).toEqual([false, false, false, true, true]);
  });

  it('lets evidence on an unweighed competency count through the correlation', () => {
    const { overall, contributions } = estimateLevel(checks('nosql', 6), { sql: 1 });
    expect(overall.mean).toBeGreaterThan(0.3);
    expect(overall.statement.kind).toBe('between');
    expect(contributions).toHaveLength(6);
    expect(overall.mean).toBeLessThan(estimateLevel(checks('nosql', 6), { nosql: 1 }).overall.mean);
  });

  it('takes a task and a rater for one source each', () => {
    const together = checks('perf', 6);
    const apart = together.map((piece, i) => ({ ...piece, taskId: `task ${i}` }));
    expect(estimateLevel(apart, { perf: 1 }).overall.sd).toBeLessThan(
      estimateLevel(together, { perf: 1 }).overall.sd - 0.02,
    );
    const one = [rating('async', 4), { ...rating('async', 4), id: 'again' }];
    const two = one.map((piece, i) => ({ ...piece, raterId: `rater ${i}` }));
    expect(estimateLevel(two, { async: 1 }).overall.sd).toBeLessThan(
      estimateLevel(one, { async: 1 }).overall.sd - 0.02,
    );
  });

  it.each([
    ['no weights', {}],
    ['a zero', { sql: 0 }],
    ['a negative weight', { sql: 1, rest: -1 }],
    ['no number', { sql: Number.NaN }],
    ['infinity', { sql: Number.POSITIVE_INFINITY }],
  ])('refuses role weights with %s', (_, weights) => {
    expect(() => estimateLevel([], weights)).toThrow(RangeError);
  });

  it('refuses a score that is no anchored point and an unknown competency', () => {
    expect(() => estimateLevel([rating('sql', 5 as RatingScore)], { sql: 1 })).toThrow('not one of 1,2,3,4');
    expect(() => estimateLevel([rating('cobol' as Competency, 2)], { sql: 1 })).toThrow(
      'unknown competency cobol',
    );
  });
});
