import { z } from 'zod';
import { Accommodation, ATTEMPT_REQUEST_KINDS, AttemptRequestState } from '../accommodation.js';
import { endpoint } from '../endpoint.js';
import { Id, Instant, PageQuery, page, text } from '../fields.js';

const AttemptParams = z.strictObject({ attemptId: Id });

export const AttemptAccommodation = z.object({
  attemptId: Id,
  /** Null until one is set. */
  accommodation: Accommodation.nullable(),
  /** With all credits; null before the start. */
  closesAt: Instant.nullable(),
});

export const getAccommodation = endpoint({
  method: 'GET',
  path: '/v1/attempts/:attemptId/accommodation',
  access: 'attempt:support',
  summary: "A candidate's extra time and breaks. Those who rate never see them",
  status: 200,
  params: AttemptParams,
  response: AttemptAccommodation,
});

export const setAccommodation = endpoint({
  method: 'PUT',
  path: '/v1/attempts/:attemptId/accommodation',
  access: 'attempt:support',
  summary:
    'Set extra time and breaks, before or during the attempt; the open page follows, and an open request for extra time is granted. Once the clock runs, time and breaks may only grow',
  status: 200,
  params: AttemptParams,
  body: Accommodation,
  response: AttemptAccommodation,
  problems: ['attempt.closed', 'accommodation.only_more'],
});

/** What a candidate has asked of staff. */
export const AttemptRequest = z.object({
  id: Id,
  kind: z.enum(ATTEMPT_REQUEST_KINDS),
  attemptId: Id,
  candidacyId: Id,
  /** Of a problem report. */
  taskId: z.string().nullable(),
  text: z.string(),
  state: AttemptRequestState,
  sentAt: Instant,
  /** Of an appeal. */
  dueAt: Instant.nullable(),
  answer: z.string().nullable(),
  answeredAt: Instant.nullable(),
});

export const listAttemptRequests = endpoint({
  method: 'GET',
  path: '/v1/attempt-requests',
  access: 'attempt:support',
  summary: 'Requests for extra time, reported problems and appeals, newest first',
  status: 200,
  query: PageQuery.extend({
    kind: z.enum(ATTEMPT_REQUEST_KINDS).optional(),
    state: AttemptRequestState.optional(),
  }),
  response: page(AttemptRequest),
});

export const answerAttemptRequest = endpoint({
  method: 'PUT',
  path: '/v1/attempt-requests/:requestId',
  access: 'attempt:support',
  summary:
    'Answer a request: the candidate reads it. Extra time is declined by this, and granted by setting it',
  status: 200,
  params: z.strictObject({ requestId: Id }),
  body: z.strictObject({ answer: text(1, 4_000) }),
  response: AttemptRequest,
  problems: ['attempt.request_answered'],
});
