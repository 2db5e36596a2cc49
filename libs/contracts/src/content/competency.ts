import { z } from 'zod';
import { Competency } from '../vocabulary.js';
import { perLevel, phrase, prose, Score } from './fields.js';

/** `content/competencies/<id>.yaml`: what is looked for in one competency, and how it shows. */
export const CompetencyText = z.strictObject({
  id: Competency,
  /** As on screens, such as `HTTP and API design`. */
  name: phrase(60),
  /** One or two sentences that a candidate understands too. */
  summary: prose(400),
  /** What people of a level do: one to three sentences each. */
  anchors: perLevel(prose(600)),
  /** All points of the scale, each with a short name and what an interviewer sees or hears. */
  scale: z.array(z.strictObject({ score: Score, name: phrase(40), anchor: prose(600) })),
  redFlags: z.array(prose(300)).min(1).max(8),
});
export type CompetencyText = z.infer<typeof CompetencyText>;
