import { z } from 'zod';
import { CompetencyText } from './competency.js';
import { FeedbackText } from './feedback.js';
import { LevelText } from './level.js';
import { Picking } from './picking.js';
import { Question } from './question.js';
import { Screening } from './screening.js';

/**
 * All written content as one document. Published as a whole under a number, and never changed after that: what was said
 * with one version is read with it for ever. So a later change of these schemas may only add optional fields.
 */
export const Content = z.strictObject({
  /** In the order of the vocabulary. */
  competencies: z.array(CompetencyText),
  levels: z.array(LevelText),
  /** In the order of `picking.questions`. */
  questions: z.array(Question),
  picking: Picking,
  feedback: z.array(FeedbackText),
  screening: Screening,
});
export type Content = z.infer<typeof Content>;
