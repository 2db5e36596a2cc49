import { z } from 'zod';
import { Competency } from '../vocabulary.js';
import { ContentId, prose, Score } from './fields.js';

/** `content/interviews/<id>.yaml`: one question with all that an interviewer needs beside it. */
export const Question = z.strictObject({
  id: ContentId,
  competency: Competency,
  /** Asked where there is no evidence on the competency. Each competency has exactly one such question. */
  isSeed: z.boolean(),
  /** As it is asked, in spoken language. */
  question: prose(500),
  /** What it is meant to find out. */
  purpose: prose(400),
  followUps: z.array(prose(300)).min(1).max(6),
  /** All points of the scale, each with what such an answer sounds like. */
  answers: z.array(z.strictObject({ score: Score, anchor: prose(600) })),
  redFlags: z.array(prose(300)).min(1).max(6),
  /** Asked in its place where the competency is strong: how far does it go? */
  atTenTimes: prose(500),
});
export type Question = z.infer<typeof Question>;
