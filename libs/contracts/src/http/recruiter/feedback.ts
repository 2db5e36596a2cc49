import { z } from 'zod';
import { Feedback } from '../assessment/feedback.js';
import { endpoint, NO_CONTENT } from '../endpoint.js';
import { Id, Instant } from '../fields.js';
import { CandidacyParams } from './candidacies.js';

export const getFeedbackOfCandidacy = endpoint({
  method: 'GET',
  path: '/v1/candidacies/:candidacyId/feedback',
  access: 'candidacy:read',
  summary: 'What the candidate reads, or would read, as feedback',
  status: 200,
  params: CandidacyParams,
  response: Feedback.extend({
    /** Null while the candidate cannot read it. */
    release: z.object({ memberId: Id, at: Instant }).nullable(),
  }),
  problems: ['content.not_published'],
});

export const releaseFeedback = endpoint({
  method: 'POST',
  path: '/v1/candidacies/:candidacyId/feedback-release',
  access: 'feedback:release',
  summary: 'Let the candidate read their feedback. Releasing twice changes nothing',
  status: 204,
  params: CandidacyParams,
  response: NO_CONTENT,
  problems: ['content.not_published'],
});

export const withdrawFeedback = endpoint({
  method: 'DELETE',
  path: '/v1/candidacies/:candidacyId/feedback-release',
  access: 'feedback:release',
  summary: 'Take the feedback back. What was read stays known',
  status: 204,
  params: CandidacyParams,
  response: NO_CONTENT,
});
