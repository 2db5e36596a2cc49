import { z } from 'zod';
import { CheckKind, Competency, Verdict } from '../vocabulary.js';
import { ContentId, phrase, prose } from './fields.js';

/**
 * What an opening or a reason may fill in from the check that its rule met, written `{actual}`:
 * - `task`: the title of the task;
 * - `said`: the check's own sentence, without its full stop, such as `A PUT with an old If-Match should be answered with 412`;
 * - `expected`, `actual`: as the check gives them, such as `412` and `200`;
 * - `measured`, `reference`: what a comparison measured of the candidate's and of our solution, such as `225 ms`;
 * - `times`: the first over the second, such as `9`.
 * A sentence whose placeholders are not all known for a check is passed over, and the next one is taken.
 */
export const PLACEHOLDERS = ['task', 'said', 'expected', 'actual', 'measured', 'reference', 'times'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** Which checks a rule is about: those that have all that is named. */
export const CheckSelector = z
  .strictObject({
    /** The id of a task. */
    task: z.string().max(60).optional(),
    /** The name of a check: of that task, or of whichever has it. */
    check: z.string().max(60).optional(),
    /** A check that is this probe, whatever it is called. */
    probe: z.string().max(60).optional(),
    competency: Competency.optional(),
    kind: CheckKind.optional(),
    /** How it ended, other than by passing. */
    verdict: Verdict.exclude(['passed', 'skipped']).optional(),
  })
  .refine((selector) => Object.keys(selector).length > 0, { message: 'must name something' });
export type CheckSelector = z.infer<typeof CheckSelector>;

/** The first has to be tried first; the last has no placeholder, so that one always fits. */
const Sentences = z.array(prose(400)).min(1).max(4);

/** What a failed check brings up in the interview. */
export const PickingRule = z.strictObject({
  /** What was seen, such as `requests wait for heavy work`. Unique among the rules. */
  signal: phrase(80),
  /** Any of these. */
  when: z.array(CheckSelector).min(1).max(20),
  /** The id of the question that is asked. */
  question: ContentId,
  /** How the interviewer opens the question when the check failed. */
  openings: Sentences,
  /** Why it is asked, for the interviewer. Without one that fits, the check's own sentence is given. */
  because: z.array(prose(400)).max(4).default([]),
});
export type PickingRule = z.infer<typeof PickingRule>;

/** Why a question is in a kit: what it is there to find out. */
export const KIT_SLOTS = ['weakest', 'strongest', 'own', 'uncovered'] as const;
export const KitSlot = z.enum(KIT_SLOTS);
export type KitSlot = z.infer<typeof KitSlot>;

/** `content/interviews/picking.yaml`: how a kit is made from evidence. Rules are tried in order. */
export const Picking = z.strictObject({
  /** All questions in their order: where two would do, the earlier one is asked. */
  questions: z.array(ContentId).min(1),
  /** The slots of a kit, in the order in which they are filled and asked: five, two of them the weakest. */
  kit: z.array(z.strictObject({ slot: KitSlot, purpose: prose(300) })).length(5),
  rules: z.array(PickingRule).min(1).max(60),
  /** What is asked where a competency is strong. */
  strong: z.strictObject({
    /** Share of the check weight in the competency that passed, 0 to 1. */
    from: z.number().min(0.5).max(1),
    /** Said before the `atTenTimes` of the question that would be asked otherwise. */
    opening: prose(400),
  }),
});
export type Picking = z.infer<typeof Picking>;
