import { z } from 'zod';
import { Instant } from './fields.js';

/** What both APIs say of an attempt's clock: the candidate sees their own, owners and recruiters set it. */

/** Of one candidate, for reasons of theirs. Those who rate never see it. */
export const Accommodation = z.strictObject({
  /** Of the allowance in minutes: 1.5 makes 90 minutes of 60. */
  multiplier: z.number().min(1).max(3),
  /** How many breaks, and how many minutes they may last together. */
  breaks: z.number().int().min(0).max(10),
  breakMinutes: z.number().int().min(0).max(120),
  /** The edit history and the interruptions of the connection are not shown to staff. */
  relaxedTelemetry: z.boolean(),
});
export type Accommodation = z.infer<typeof Accommodation>;

/** Time by which an attempt closes later. */
export const ClockCredit = z.object({
  /** `our_outage`: none of our servers was there. `network_gap`: the candidate's connection was away. */
  kind: z.enum(['our_outage', 'network_gap', 'break', 'extra_time']),
  seconds: z.number().min(0),
  from: Instant,
  /** Null while it goes on. */
  to: Instant.nullable(),
});
export type ClockCredit = z.infer<typeof ClockCredit>;

export const ATTEMPT_REQUEST_KINDS = ['extra_time', 'problem_report', 'appeal'] as const;
/** Extra time is `granted` or `declined`, the rest `answered`. */
export const AttemptRequestState = z.enum(['open', 'granted', 'declined', 'answered']);
