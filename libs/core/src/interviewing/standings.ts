import type { Competency, RoleWeights } from '../levelling/index.js';
import { hasPassed, isCounted, type ObservedCheck } from './observed-check.js';

/** Where the level estimate puts a competency: the mean on the latent scale, and what may be said of it. */
export interface KnownLevel {
  competency: Competency;
  mean: number;
  /** In words: `between junior and mid`. */
  statement: string;
}

/** What is known of one competency. */
export interface Standing {
  competency: Competency;
  name: string;
  /** In the role; 0 when it does not count there. */
  weight: number;
  checks: number;
  passed: number;
  /** Of the weight of its checks, 0 to 1; null without checks. */
  passedShare: number | null;
  mean: number;
  statement: string | null;
}

/** One for each competency of the list, in its order. */
export function standingsOf(
  competencies: readonly { id: Competency; name: string }[],
  weights: RoleWeights,
  checks: readonly ObservedCheck[],
  levels: readonly KnownLevel[],
): Standing[] {
  return competencies.map(({ id, name }) => {
    const own = checks.filter((check) => check.competency === id && isCounted(check));
    const weightOf = (some: readonly ObservedCheck[]) => some.reduce((sum, { weight }) => sum + weight, 0);
    const passed = own.filter(hasPassed);
    const level = levels.find(({ competency }) => competency === id);
    return {
      competency: id,
      name,
      weight: weights[id] ?? 0,
      checks: own.length,
      passed: passed.length,
      passedShare: own.length === 0 ? null : weightOf(passed) / weightOf(own),
      mean: level?.mean ?? 0,
      statement: level?.statement ?? null,
    };
  });
}

/** The weakest first: by estimated level, then by what passed, then the one that the role weighs most; then as listed. */
export function byWeakness(standings: readonly Standing[]): Standing[] {
  return standings.toSorted(
    (a, b) => a.mean - b.mean || (a.passedShare ?? 0) - (b.passedShare ?? 0) || b.weight - a.weight,
  );
}

/** What the role weighs most first; then as listed. */
export const byRoleWeight = (standings: readonly Standing[]) =>
  standings.toSorted((a, b) => b.weight - a.weight);
