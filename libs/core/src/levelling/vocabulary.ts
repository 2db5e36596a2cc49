/** The glossary's words that levelling needs; string unions that fit those of `contracts`, which core may not import. */

export const COMPETENCIES = ['async', 'rest', 'npm', 'sql', 'nosql', 'sec', 'perf', 'struct', 'own'] as const;
export type Competency = (typeof COMPETENCIES)[number];

/** What a check may be tagged with. */
export type TargetLevel = 'junior' | 'mid' | 'senior';

/** Where a candidate may stand, lowest first. */
export const LEVELS = ['below_junior', 'junior', 'mid', 'senior'] as const;
export type Level = (typeof LEVELS)[number];

/** An interviewer's anchored points, lowest first; one per level. */
export const RATING_SCORES = [1, 2, 3, 4] as const;
export type RatingScore = (typeof RATING_SCORES)[number];

/**
 * Where each target level begins on the latent scale (levelling.md §1: cuts = κ). A rating of `k` begins, in
 * expectation, where the k-th level begins, so the same numbers are the raters' thresholds.
 */
export const CUT_BY_LEVEL: Readonly<Record<TargetLevel, number>> = { junior: -1.5, mid: 0, senior: 1.5 };

/** The cuts between the four levels, ascending, in latent units. */
export const CUTS = [CUT_BY_LEVEL.junior, CUT_BY_LEVEL.mid, CUT_BY_LEVEL.senior] as const;

/** Latent units in one level: the distance between neighbouring cuts. */
export const LEVEL_WIDTH = 1.5;
