import { z } from 'zod';
import { Competency } from '../vocabulary.js';
import { ContentId, perLevel, prose } from './fields.js';

/** A thing to do next. `task`: the id of a task of ours that practises it. `link`: where to read about it. */
export const LearningStep = z.strictObject({
  text: prose(400),
  task: ContentId.optional(),
  link: z
    .url({ protocol: /^https$/ })
    .max(300)
    .optional(),
});
export type LearningStep = z.infer<typeof LearningStep>;

/** What a person who stands at a level may try next. */
export const LearningPath = z.strictObject({
  tryNext: prose(600),
  steps: z.array(LearningStep).min(1).max(6),
});
export type LearningPath = z.infer<typeof LearningPath>;

/** `content/feedback/<competency>.yaml`: what a candidate reads, after a rejection too. */
export const FeedbackText = z.strictObject({
  competency: Competency,
  /** Said first, by what the checks of the competency showed. */
  openings: z.strictObject({
    allPassed: prose(400),
    somePassed: prose(400),
    nonePassed: prose(400),
  }),
  /** From each level to the next: `junior` is for people at or below junior. */
  levels: perLevel(LearningPath),
});
export type FeedbackText = z.infer<typeof FeedbackText>;
