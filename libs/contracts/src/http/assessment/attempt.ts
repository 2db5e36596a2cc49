import { z } from 'zod';
import { CandidateEvent } from '../../events/index.js';
import { QueuePosition } from '../../vocabulary.js';
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
      /** `grading` until it has been graded; results are the recruiter's to share. */
      state: z.enum(['grading', 'graded']),
      /** Of its grading: 0 while it is worked on, 1 when it is next, null when none waits. */
      queuePosition: QueuePosition,
    })
    .nullable(),
});

/** What a candidate sees of their own attempt. */
export const Attempt = z.object({
  id: Id,
  organisation: z.string(),
  role: z.string(),
  assessment: z.string(),
  minutes: z.number().int(),
  state: z.enum(['invited', 'consented', 'running', 'closed']),
  /** What is graded and recorded; consent is given to this text. */
  consentText: z.string(),
  /** The server's clock, which is the one that counts. */
  now: Instant,
  startedAt: Instant.nullable(),
  closesAt: Instant.nullable(),
  closedAt: Instant.nullable(),
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
