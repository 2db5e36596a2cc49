import { CheckKind, Competency, TargetLevel } from '@assay/contracts';
import { z } from 'zod';

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const kebab = z.string().max(60).regex(KEBAB, 'must be kebab-case (a-z, 0-9 and single hyphens)');
export const sentence = (max: number) => z.string().trim().min(1, 'must not be empty').max(max);

/** What every check has, whoever wrote its code. */
export const checkFields = {
  name: kebab,
  competency: Competency,
  level: TargetLevel,
  weight: z.int().min(1).max(3),
  kind: CheckKind,
  /** Time for the check itself, counted from the moment the server accepts connections, unless the check starts it. */
  timeoutMs: z.int().min(100).max(180_000),
  /** The sentence of the brief, or of the standing rules, that the check rests on. */
  impliedBy: sentence(300),
};

/** A check whose code lies in `checks/` under the same name. */
export const WrittenCheck = z.strictObject({
  ...checkFields,
  timeoutMs: checkFields.timeoutMs.default(5_000),
  /** Tells it from a probe. */
  probe: z.undefined().optional(),
});
