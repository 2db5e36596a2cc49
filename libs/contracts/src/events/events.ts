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
  /** A person asked for another try of one that needed attention. */
  z.object({ type: z.literal('grading.retried'), gradingId: Id, memberId: Id }),
  z.object({
    type: z.literal('regrade.started'),
    regradeId: Id,
    gradingId: Id,
    submissionId: Id,
    memberId: Id,
  }),
  /** `memberId` adopted it, in the place of `replacedId`; events from before they were recorded have neither. */
  z.object({
    type: z.literal('grading.adopted'),
    gradingId: Id,
    memberId: Id.optional(),
    replacedId: Id.nullish(),
  }),
  z.object({ type: z.literal('level.estimated'), statement: z.string() }),
]);
export type StaffEvent = z.infer<typeof StaffEvent>;
