import { normalCdf } from './normal-distribution.js';
import { CUTS, LEVELS, type Level } from './vocabulary.js';

/** P(level), adding up to 1. */
export type LevelProbabilities = Readonly<Record<Level, number>>;

/** What may be said of a level; `lower` and `upper` are neighbours. */
export type LevelStatement =
  | { kind: 'confirmed'; level: Level }
  | { kind: 'between'; lower: Level; upper: Level }
  | { kind: 'no_evidence' };

/** A level is said as a fact only from this probability on: simulated, 87.5 % of such calls are right (levelling.md §2). */
export const CONFIRMED_PROBABILITY = 0.8;

/** P(level) of a latent ~ N(mean, sd²): differences of Φ((cut − mean)/sd) at the cuts. */
export function levelProbabilities(mean: number, sd: number): LevelProbabilities {
  const [belowJunior, belowMid, belowSenior] = CUTS.map((cut) => normalCdf((cut - mean) / sd)) as [
    number,
    number,
    number,
  ];
  return {
    below_junior: belowJunior,
    junior: Math.max(0, belowMid - belowJunior),
    mid: Math.max(0, belowSenior - belowMid),
    senior: 1 - belowSenior,
  };
}

/** The confirmed level, otherwise the two neighbouring levels that together hold the most probability. */
export function stateLevel(probabilities: LevelProbabilities): LevelStatement {
  const confirmed = LEVELS.find((level) => probabilities[level] >= CONFIRMED_PROBABILITY);
  if (confirmed) return { kind: 'confirmed', level: confirmed };
  const pairs = [
    { lower: 'below_junior', upper: 'junior' },
    { lower: 'junior', upper: 'mid' },
    { lower: 'mid', upper: 'senior' },
  ] as const;
  const held = (pair: (typeof pairs)[number]): number =>
    probabilities[pair.lower] + probabilities[pair.upper];
  const likeliest = pairs.reduce((best, pair) => (held(pair) > held(best) ? pair : best));
  return { kind: 'between', ...likeliest };
}

/** The most probable level; of equals, the lower. */
export function likeliestLevel(probabilities: LevelProbabilities): Level {
  return LEVELS.reduce((best, level) => (probabilities[level] > probabilities[best] ? level : best));
}

/** The statement in words: `mid`, `between mid and senior`, `no evidence`. */
export function wordStatement(statement: LevelStatement): string {
  switch (statement.kind) {
    case 'confirmed':
      return wordLevel(statement.level);
    case 'between':
      return `between ${wordLevel(statement.lower)} and ${wordLevel(statement.upper)}`;
    case 'no_evidence':
      return 'no evidence';
  }
}

function wordLevel(level: Level): string {
  return level === 'below_junior' ? 'below junior' : level;
}
