import { describe, expect, it } from '@jest/globals';
import {
  type LevelProbabilities,
  type LevelStatement,
  levelProbabilities,
  stateLevel,
  wordStatement,
} from './statement.js';

function probabilities(
  below_junior: number,
  junior: number,
  mid: number,
  senior: number,
): LevelProbabilities {
  return { below_junior, junior, mid, senior };
}

describe('levelProbabilities', () => {
  it('are normal areas between the cuts at −1.5, 0 and 1.5', () => {
    const reached = levelProbabilities(0.75, 0.75);
    // Φ(−3), Φ(−1) − Φ(−3), Φ(1) − Φ(−1), 1 − Φ(1) from tables
    const expected = [0.00135, 0.157305, 0.682689, 0.158655];
    Object.values(reached).forEach((p, i) => expect(p).toBeCloseTo(expected[i] ?? Number.NaN, 6));
  });
});

describe('stateLevel', () => {
  it.each<[LevelProbabilities, LevelStatement, string]>([
    [probabilities(0.02, 0.1, 0.8, 0.08), { kind: 'confirmed', level: 'mid' }, 'mid'],
    [probabilities(0.9, 0.1, 0, 0), { kind: 'confirmed', level: 'below_junior' }, 'below junior'],
    [probabilities(0, 0, 0.01, 0.99), { kind: 'confirmed', level: 'senior' }, 'senior'],
    [
      probabilities(0.01, 0.05, 0.79, 0.15),
      { kind: 'between', lower: 'mid', upper: 'senior' },
      'between mid and senior',
    ],
    [
      probabilities(0.3, 0.5, 0.15, 0.05),
      { kind: 'between', lower: 'below_junior', upper: 'junior' },
      'between below junior and junior',
    ],
    [
      probabilities(0.1, 0.45, 0.4, 0.05),
      { kind: 'between', lower: 'junior', upper: 'mid' },
      'between junior and mid',
    ],
  ])('of %j', (given, statement, words) => {
    expect(stateLevel(given)).toEqual(statement);
    expect(wordStatement(statement)).toBe(words);
  });

  it('is worded as no evidence where there is none', () => {
    expect(wordStatement({ kind: 'no_evidence' })).toBe('no evidence');
  });
});
