import { z } from 'zod';
import { Competency, Verdict } from '../../vocabulary.js';
import { endpoint } from '../endpoint.js';
import { Id, Instant, PageQuery, page, TaskId } from '../fields.js';
import { GradingState } from './candidacies.js';

/** Submissions in one regrade; those left over are for the next one. */
export const MAX_REGRADED = 500;

const TaskParams = z.strictObject({ taskId: TaskId });
const RegradeParams = z.strictObject({ regradeId: Id });

/** A submission whose grading that counts was made with an older version than the newest. Names nobody. */
export const OutdatedSubmission = z.object({
  submissionId: Id,
  candidacyId: Id,
  submittedAt: Instant,
  /** The grading that counts. */
  grading: z.object({ id: Id, taskVersion: z.number().int(), score: z.number().nullable() }),
  /** The latest grading with the newest version, if there is one. */
  newestGrading: z.object({ id: Id, regradeId: Id.nullable(), state: GradingState }).nullable(),
});

export const listOutdatedSubmissions = endpoint({
  method: 'GET',
  path: '/v1/tasks/:taskId/outdated-submissions',
  access: 'submission:regrade',
  summary: 'The submissions of a task whose grading was made with an older version, newest first',
  status: 200,
  params: TaskParams,
  query: PageQuery,
  response: page(OutdatedSubmission).extend({ newestVersion: z.number().int() }),
});

/** Gradings of several submissions with the then newest version of their task, started together. */
export const Regrade = z.object({
  id: Id,
  taskId: z.string(),
  /** Versions of the gradings that counted when it was started, ascending. */
  fromVersions: z.array(z.number().int()),
  toVersion: z.number().int(),
  startedBy: z.object({ id: Id, name: z.string() }),
  startedAt: Instant,
  /** How many of its gradings are in which state, and how many count now. */
  gradings: z.object({
    queued: z.number().int(),
    running: z.number().int(),
    completed: z.number().int(),
    needsAttention: z.number().int(),
    adopted: z.number().int(),
  }),
});

export const startRegrade = endpoint({
  method: 'POST',
  path: '/v1/tasks/:taskId/regrades',
  access: 'submission:regrade',
  summary: `Grade submissions again with the newest version: those named or, if none is, all outdated ones that have no grading with it yet (the oldest ${MAX_REGRADED}). Nothing counts until it is adopted`,
  status: 202,
  params: TaskParams,
  body: z.strictObject({ submissionIds: z.array(Id).min(1).max(MAX_REGRADED).optional() }),
  response: Regrade,
  problems: ['grading.in_progress', 'regrade.nothing_to_do', 'regrade.up_to_date'],
});

export const listRegrades = endpoint({
  method: 'GET',
  path: '/v1/regrades',
  access: 'submission:regrade',
  summary: 'Regrades, newest first',
  status: 200,
  query: PageQuery,
  response: page(Regrade),
});

export const getRegrade = endpoint({
  method: 'GET',
  path: '/v1/regrades/:regradeId',
  access: 'submission:regrade',
  summary: 'One regrade',
  status: 200,
  params: RegradeParams,
  response: Regrade,
});

/** Where a candidate stands, in words, with one of the two gradings in place. */
export const Standing = z.object({
  overall: z.string(),
  competencies: z.array(z.object({ competency: Competency, statement: z.string() })),
});

/** One submission of a regrade: what the new grading found, and what adopting it would change. */
export const RegradedSubmission = z.object({
  submissionId: Id,
  candidacyId: Id,
  gradingId: Id,
  state: GradingState,
  /** Whether the new grading is the one that counts. */
  isAdopted: z.boolean(),
  before: z.object({ gradingId: Id, taskVersion: z.number().int(), score: z.number().nullable() }),
  /** What the rest is about; null until the new grading is completed. */
  after: z
    .object({
      score: z.number().nullable(),
      /** Checks with another verdict; null where that version has no such check. */
      changedChecks: z.array(
        z.object({ check: z.string(), before: Verdict.nullable(), after: Verdict.nullable() }),
      ),
      /** The level from all evidence of the candidacy, with the old and with the new grading of this submission. */
      standing: z.object({ before: Standing, after: Standing }),
      /** Whether a check passes with one of the versions only. */
      outcomeFlips: z.boolean(),
      /** Whether the overall statement differs. */
      levelFlips: z.boolean(),
    })
    .nullable(),
});

export const listRegradedSubmissions = endpoint({
  method: 'GET',
  path: '/v1/regrades/:regradeId/submissions',
  access: 'submission:regrade',
  summary: 'The submissions of a regrade, each with what adopting its new grading would change',
  status: 200,
  params: RegradeParams,
  query: PageQuery,
  response: page(RegradedSubmission),
});

export const adoptRegrade = endpoint({
  method: 'POST',
  path: '/v1/regrades/:regradeId/adoption',
  access: 'submission:regrade',
  summary:
    'Make gradings of a regrade those that count: those named or, if none is, all that are completed and whose submission still rests on the grading that they replace. Adopting the earlier grading undoes it',
  status: 200,
  params: RegradeParams,
  body: z.strictObject({ gradingIds: z.array(Id).min(1).max(MAX_REGRADED).optional() }),
  response: Regrade,
  problems: ['grading.not_adoptable'],
});
