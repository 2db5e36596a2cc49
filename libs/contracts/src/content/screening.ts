import { z } from 'zod';
import { Competency } from '../vocabulary.js';
import { ContentId, phrase, prose } from './fields.js';

/** How well a claim is supported. No quote, no score. */
export const STRENGTHS = [0, 1, 2, 3] as const;
export const Strength = z.literal(STRENGTHS);

/** `content/screening.yaml`: how applications are read. Its result is questions, never a level or a rejection. */
export const Screening = z.strictObject({
  /** Terms of a text that speak of competencies. */
  vocabulary: z
    .array(
      z.strictObject({
        terms: z.array(phrase(60)).min(1).max(60),
        competencies: z.array(Competency).min(1),
      }),
    )
    .min(1),
  /** All strengths, weakest first. */
  strengths: z.array(z.strictObject({ strength: Strength, name: phrase(40), description: prose(300) })),
  /** What is taken out before anything is read. */
  redact: z.array(z.strictObject({ what: phrase(80), why: prose(300) })).min(1),
  /** What is never looked at. */
  ignore: z.array(phrase(120)).min(1),
  /** Asked about what was found. `{competency}` is its name. */
  questions: z.strictObject({
    /** Where a claim is weak or missing. */
    weakClaim: z.array(prose(300)).min(1),
    /** Where a number stands without how it was measured. */
    bareNumber: z.array(prose(300)).min(1),
  }),
  /** A task to offer where a text has one of `mentions` and none of `lacks`. Costs nothing to decline. */
  offers: z.array(
    z.strictObject({
      mentions: z.array(phrase(60)).min(1),
      lacks: z.array(phrase(60)).min(1),
      task: ContentId,
      text: prose(300),
    }),
  ),
});
export type Screening = z.infer<typeof Screening>;
