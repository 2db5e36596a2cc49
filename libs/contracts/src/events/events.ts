import { z } from 'zod';
import { Verdict } from '../vocabulary.js';

const Id = z.uuid();

/** What a candidate is told while it happens: progress, never hidden results. */
export const CandidateEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('attempt.started'), closesAt: z.iso.datetime() }),
  z.object({ type: z.literal('attempt.closed') }),
  z.object({ type: z.literal('run.started'), runId: Id }),
  z.object({ type: z.literal('run.finished'), runId: Id, passed: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('run.failed_by_us'), runId: Id }),
  z.object({ type: z.literal('submission.received'), submissionId: Id, taskId: z.string() }),
  z.object({ type: z.literal('grading.started'), submissionId: Id }),
  z.object({
    type: z.literal('grading.progressed'),
    submissionId: Id,
    done: z.number().int(),
    total: z.number().int(),
  }),
  z.object({ type: z.literal('grading.completed'), submissionId: Id }),
]);
export type CandidateEvent = z.infer<typeof CandidateEvent>;

/** What staff are told of a candidacy. */
export const StaffEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('invitation.created'), invitationId: Id }),
  z.object({ type: z.literal('invitation.revoked'), invitationId: Id }),
  z.object({ type: z.literal('attempt.started'), attemptId: Id }),
  z.object({ type: z.literal('attempt.closed'), attemptId: Id }),
  z.object({ type: z.literal('submission.received'), submissionId: Id, taskId: z.string() }),
  z.object({ type: z.literal('grading.started'), gradingId: Id, submissionId: Id }),
  z.object({
    type: z.literal('grading.progressed'),
    gradingId: Id,
    check: z.string(),
    verdict: Verdict,
    done: z.number().int(),
    total: z.number().int(),
  }),
  z.object({
    type: z.literal('grading.completed'),
    gradingId: Id,
    passed: z.number().int(),
    total: z.number().int(),
  }),
  z.object({
    type: z.literal('grading.failed_by_us'),
    gradingId: Id,
    reason: z.string(),
    willRetry: z.boolean(),
  }),
  z.object({ type: z.literal('grading.adopted'), gradingId: Id }),
  z.object({ type: z.literal('level.estimated'), statement: z.string() }),
]);
export type StaffEvent = z.infer<typeof StaffEvent>;
