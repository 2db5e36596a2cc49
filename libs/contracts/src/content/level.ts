import { z } from 'zod';
import { Level } from '../vocabulary.js';
import { phrase, prose } from './fields.js';

/** An entry of `content/levels.yaml`. */
export const LevelText = z.strictObject({
  id: Level,
  /** As on screens, such as `Mid-level`. */
  name: phrase(40),
  /** What the trade customarily says in years. Shown as a custom; never an input of anything. Null where there is none. */
  custom: prose(200).nullable(),
  definition: prose(600),
});
export type LevelText = z.infer<typeof LevelText>;

/** `content/levels.yaml`: a list, lowest level first. */
export const LevelTexts = z.array(LevelText);
