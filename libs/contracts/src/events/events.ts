import { z } from 'zod';
import { QueuePosition, RunEnd, Verdict } from '../vocabulary.js';

const Id = z.uuid();

/** What a candidate is told while it happens: progress, never hidden results. */
export const CandidateEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('attempt.started'), closesAt: z.iso.datetime() }),
  z.object({ type: z.literal('attempt.closed') }),
  /** Extra time, a credit, a break: `getAttempt` has the whole of it. */
  z.object({
    type: z.literal('attempt.clock_changed'),
    closesAt: z.iso.datetime().nullable(),
    onBreakSince: z.iso.datetime().nullable(),
  }),
  /** Staff have answered a request of mine. */
  z.object({
    type: z.literal('attempt.request_answered'),
    kind: z.enum(['extra_time', 'problem_report', 'appeal']),
  }),
  z.object({ type: z.literal('attempt.withdrawn') }),
  z.object({ type: z.literal('attempt.withdrawal_undone') }),
  z.object({ type: z.literal('run.queued'), runId: Id, queuePosition: QueuePosition }),
  z.object({ type: z.literal('run.started'), runId: Id }),
  /** Of a live run: its server accepts connections. */
  z.object({ type: z.literal('run.listening'), runId: Id }),
  /** Of a live run: why is told by the run itself. */
  z.object({ type: z.literal('run.ended'), runId: Id, endedBecause: RunEnd }),
  z.object({ type: z.literal('run.finished'), runId: Id, passed: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('run.failed_by_us'), runId: Id }),
  z.object({
    type: z.literal('submission.received'),
    submissionId: Id,
    taskId: z.string(),
    queuePosition: QueuePosition.optional(),
  }),
  z.object({ type: z.literal('grading.started'), submissionId: Id }),
  z.object({
    type: z.literal('grading.progressed'),
    submissionId: Id,
    done: z.number().int(),
    total: z.number().int(),
  }),
  z.object({ type: z.literal('grading.completed'), submissionId: Id }),
  z.object({ type: z.literal('feedback.released') }),
  z.object({ type: z.literal('feedback.withdrawn') }),
]);
export type CandidateEvent = z.infer<typeof CandidateEvent>;

/** What is told of a live run's server while it lives. */
export const RunOutputEvent = z.discriminatedUnion('type', [
  /** Of stdout and stderr, as it came. */
  z.object({ type: z.literal('output'), text: z.string() }),
  /** It accepts connections; or, `false`, did not within its time, and may still do so. */
  z.object({ type: z.literal('listening'), isUp: z.boolean() }),
  /** The last one. `state` and the rest as the run itself tells them. */
  z.object({
    type: z.literal('ended'),
    state: z.enum(['finished', 'superseded', 'failed_by_us']),
    endedBecause: RunEnd.nullable(),
    message: z.string().nullable(),
    exitCode: z.number().int().nullable(),
    exitSignal: z.string().nullable(),
  }),
]);
export type RunOutputEvent = z.infer<typeof RunOutputEvent>;

/** What staff are told of a candidacy. */
export const StaffEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('invitation.created'), invitationId: Id }),
  z.object({ type: z.literal('invitation.revoked'), invitationId: Id }),
  z.object({ type: z.literal('attempt.started'), attemptId: Id }),
  z.object({ type: z.literal('attempt.closed'), attemptId: Id }),
  z.object({ type: z.literal('attempt.withdrawn'), attemptId: Id }),
  z.object({ type: z.literal('attempt.withdrawal_undone'), attemptId: Id }),
  z.object({
    type: z.literal('attempt.problem_reported'),
    attemptId: Id,
    taskId: z.string(),
    requestId: Id,
  }),
  z.object({ type: z.literal('attempt.appealed'), attemptId: Id, requestId: Id, dueAt: z.iso.datetime() }),
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
  z.object({ type: z.literal('kit.edited'), memberId: Id, revision: z.number().int() }),
  z.object({ type: z.literal('feedback.released'), memberId: Id }),
  z.object({ type: z.literal('feedback.withdrawn'), memberId: Id }),
]);
export type StaffEvent = z.infer<typeof StaffEvent>;
