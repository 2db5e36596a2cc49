import { z } from 'zod';
import { TargetLevel } from '../vocabulary.js';
import { phrase, prose } from './fields.js';

/** An entry of `content/levels.yaml`. */
export const LevelText = z.strictObject({
  id: TargetLevel,
  /** As on screens, such as `Mid-level`. */
  name: phrase(40),
  /** What the trade customarily says in years. Shown as a custom; never an input of anything. */
  custom: prose(200),
  definition: prose(600),
});
export type LevelText = z.infer<typeof LevelText>;

/** `content/levels.yaml`: a list, lowest level first. */
export const LevelTexts = z.array(LevelText);
