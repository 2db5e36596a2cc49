import { z } from 'zod';
import { TARGET_LEVELS } from '../vocabulary.js';

/** Fields that several kinds of written content share. What makes good language of them is checked by @assay/content. */

/** What a person reads: one or more whole sentences. */
export const prose = (max: number) => z.string().min(1).max(max);

/** A name or a phrase, without a full stop. */
export const phrase = (max: number) => z.string().min(1).max(max);

/** Kebab-case; the name of the document's file too, where each has one. */
export const ContentId = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be kebab-case (a-z, 0-9 and single hyphens)');

/** The points of the scale that competencies and answers are judged on. There is no neutral middle. */
export const SCORES = [1, 2, 3, 4] as const;
export const Score = z.literal(SCORES);
export type Score = z.infer<typeof Score>;

/** The same for each of the levels that a role may ask for. */
export const perLevel = <S extends z.ZodType>(schema: S) => {
  const [junior, mid, senior] = TARGET_LEVELS;
  return z.strictObject({ [junior]: schema, [mid]: schema, [senior]: schema });
};
