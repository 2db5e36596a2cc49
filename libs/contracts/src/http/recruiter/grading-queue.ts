import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { Id, Instant, PageQuery, page } from '../fields.js';
import { Grading } from './submissions.js';

/** A grading that has used up its tries through failures of ours. It has cost the candidate nothing. */
export const GradingNeedingAttention = z.object({
  gradingId: Id,
  submissionId: Id,
  candidacyId: Id,
  taskId: z.string(),
  taskVersion: z.number().int(),
  reason: z.string().nullable(),
  /** How often a worker has begun it, and how often we failed since the last retry. */
  starts: z.number().int(),
  platformFailures: z.number().int(),
  since: Instant,
});

export const listGradingsNeedingAttention = endpoint({
  method: 'GET',
  path: '/v1/gradings/needing-attention',
  access: 'submission:regrade',
  summary: 'Gradings that we failed and that wait for a person, newest first',
  status: 200,
  query: PageQuery,
  response: page(GradingNeedingAttention),
});

export const retryGrading = endpoint({
  method: 'POST',
  path: '/v1/gradings/:gradingId/retry',
  access: 'submission:regrade',
  summary: 'Queue a grading that needs attention again, with a fresh budget of tries',
  status: 202,
  params: z.strictObject({ gradingId: Id }),
  response: Grading,
  problems: ['grading.not_retryable'],
});

export const getGradingQueue = endpoint({
  method: 'GET',
  path: '/v1/grading-queue',
  access: 'submission:read',
  summary: 'How many gradings wait in this Assay, and for how long',
  status: 200,
  response: z.object({
    waiting: z.number().int(),
    running: z.number().int(),
    /** Since the one that has waited longest was queued; null when none waits. */
    oldestWaitMs: z.number().int().nullable(),
    /** How long one that is queued now would wait, from recent gradings; null when there are none to tell. */
    estimatedWaitMs: z.number().int().nullable(),
  }),
});
