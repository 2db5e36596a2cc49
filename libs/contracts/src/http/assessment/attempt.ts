import { z } from 'zod';
import { CandidateEvent } from '../../events/index.js';
import { QueuePosition } from '../../vocabulary.js';
import { Accommodation, AttemptRequestState, ClockCredit } from '../accommodation.js';
import { endpoint, eventStream, NO_CONTENT } from '../endpoint.js';
import { Id, Instant, Secret } from '../fields.js';

export const TaskProgress = z.object({
  taskId: z.string(),
  title: z.string(),
  minutes: z.number().int(),
  submission: z
    .object({
      id: Id,
      submittedAt: Instant,
      /** Of its files in their canonical form: what was submitted can be proven. */
      sha256: z.string(),
      files: z.number().int(),
      /** `grading` until it has been graded; results are the recruiter's to share. */
      state: z.enum(['grading', 'graded']),
      /** Of its grading: 0 while it is worked on, 1 when it is next, null when none waits. */
      queuePosition: QueuePosition,
      /** We failed to grade it so far. It will be done again, and costs nothing. */
      delayedByUs: z.boolean(),
    })
    .nullable(),
});

/** The id of the warm-up task, in every attempt; no assessment can hold it. */
export const PRACTICE_TASK_ID = 'practice';

/** Short sentences, shown before consent. */
export const AttemptRules = z.object({
  graded: z.array(z.string()),
  recorded: z.array(z.string()),
  allowed: z.array(z.string()),
});

/** What a candidate sees of their own attempt. */
export const Attempt = z.object({
  id: Id,
  organisation: z.string(),
  role: z.string(),
  assessment: z.string(),
  minutes: z.number().int(),
  state: z.enum(['invited', 'consented', 'running', 'closed']),
  /** What is graded and recorded; consent is given to this text, which joins the rules. */
  consentText: z.string(),
  rules: AttemptRules,
  /** The server's clock, which is the one that counts. */
  now: Instant,
  startedAt: Instant.nullable(),
  /** With all credits. During a break it moves on with the clock: what is left stays the same. */
  closesAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  /** Why `closesAt` is later than the start and the minutes say. No second is in two of them. */
  credits: z.array(ClockCredit),
  onBreakSince: Instant.nullable(),
  /** Breaks that were approved and are left; null when none were. A break ends by itself when no minutes are left. */
  breaks: z.object({ left: z.number().int(), minutesLeft: z.number() }).nullable(),
  accommodation: Accommodation.nullable(),
  extraTimeRequest: z
    .object({
      state: z.enum(['open', 'granted', 'declined']),
      text: z.string(),
      /** What staff said to it. */
      answer: z.string().nullable(),
    })
    .nullable(),
  /** The warm-up task, from consent until the clock starts; it never counts. Null when none is published. */
  practice: z.object({ taskId: z.literal(PRACTICE_TASK_ID), title: z.string() }).nullable(),
  withdrawnAt: Instant.nullable(),
  /** Until then a withdrawal can be taken back. */
  withdrawalFinalAt: Instant.nullable(),
  appeal: z
    .object({ state: AttemptRequestState, text: z.string(), dueAt: Instant, answer: z.string().nullable() })
    .nullable(),
  tasks: z.array(TaskProgress),
});

export const acceptInvitation = endpoint({
  method: 'POST',
  path: '/v1/session',
  access: 'public',
  summary: "Exchange an invitation's secret for a session. The clock does not start",
  status: 200,
  body: z.strictObject({ secret: Secret }),
  response: Attempt,
  problems: ['invitation.invalid'],
});

export const leaveAttempt = endpoint({
  method: 'DELETE',
  path: '/v1/session',
  access: 'candidate',
  summary: 'Log out; the invitation opens it again',
  status: 204,
  response: NO_CONTENT,
});

export const getAttempt = endpoint({
  method: 'GET',
  path: '/v1/attempt',
  access: 'candidate',
  summary: 'My attempt: clock, tasks, what is recorded',
  status: 200,
  response: Attempt,
});

export const giveConsent = endpoint({
  method: 'POST',
  path: '/v1/attempt/consent',
  access: 'candidate',
  summary: 'Agree to what is graded and recorded',
  status: 200,
  body: z.strictObject({ agreed: z.literal(true) }),
  response: Attempt,
  problems: ['attempt.closed'],
});

export const startAttempt = endpoint({
  method: 'POST',
  path: '/v1/attempt/start',
  access: 'candidate',
  summary: 'Start the clock. Task versions are pinned now. Starting twice changes nothing',
  status: 200,
  response: Attempt,
  problems: ['attempt.consent_required', 'attempt.closed', 'task.unknown'],
});

export const streamAttempt = endpoint({
  method: 'GET',
  path: '/v1/attempt/events',
  access: 'candidate',
  summary: 'What happens in my attempt, as server-sent events; resumes after Last-Event-ID',
  status: 200,
  response: eventStream(CandidateEvent),
});
