import { z } from 'zod';
import { CheckResult, Outcome, SourceFile } from '../../vocabulary.js';
import { endpoint } from '../endpoint.js';
import { Id, Instant } from '../fields.js';
import { GradingState } from './candidacies.js';

export const Grading = z.object({
  id: Id,
  state: GradingState,
  outcome: Outcome.nullable(),
  /** Share of the check weight that passed, 0 to 1. */
  score: z.number().nullable(),
  engine: z.string().nullable(),
  /** What the engine had shown to hold in its self-test; empty before the grading has ended. */
  guarantees: z.array(z.string()),
  /** What it held more weakly than it should, where the worker does not run as root. */
  degraded: z.array(z.string()),
  /** Of the task that it is made with; the candidate may have met an older one. */
  taskVersion: z.number().int(),
  /** The regrade that it was started with. */
  regradeId: Id.nullable(),
  /** Why it needs attention, or what went wrong on our side. */
  reason: z.string().nullable(),
  isCurrent: z.boolean(),
  /** Who last made it the one that counts; null when nobody did, or it was the first and did so by itself. */
  adoption: z.object({ memberId: Id, at: Instant }).nullable(),
  queuedAt: Instant,
  completedAt: Instant.nullable(),
  checks: z.array(CheckResult),
});

export const Submission = z.object({
  id: Id,
  candidacyId: Id,
  taskId: z.string(),
  taskVersion: z.number().int(),
  /** Why it was made: by the candidate or, of what was saved, at expiry. */
  reason: z.enum(['candidate', 'expired']),
  submittedAt: Instant,
  files: z.array(SourceFile),
  /** What the files would be with the edits that arrived after the end, made offline before or after it. Never graded. */
  late: z.object({ receivedAt: Instant, files: z.array(SourceFile) }).nullable(),
  gradings: z.array(Grading),
});

const SubmissionParams = z.strictObject({ submissionId: Id });

export const getSubmission = endpoint({
  method: 'GET',
  path: '/v1/submissions/:submissionId',
  access: 'submission:read',
  summary: 'A submission: its files, its gradings and every check',
  status: 200,
  params: SubmissionParams,
  response: Submission,
});

export const regradeSubmission = endpoint({
  method: 'POST',
  path: '/v1/submissions/:submissionId/gradings',
  access: 'submission:regrade',
  summary: 'Grade again with the same version of the task. The result counts only once a person adopts it',
  status: 202,
  params: SubmissionParams,
  response: Grading,
  problems: ['grading.in_progress'],
});

export const adoptGrading = endpoint({
  method: 'POST',
  path: '/v1/gradings/:gradingId/adoption',
  access: 'submission:regrade',
  summary: 'Make a completed grading the one that counts',
  status: 200,
  params: z.strictObject({ gradingId: Id }),
  response: Grading,
  problems: ['grading.not_adoptable'],
});
