import { z } from 'zod';
import { KitSlot, Question } from '../../content/index.js';
import { Competency, Verdict } from '../../vocabulary.js';
import { endpoint } from '../endpoint.js';
import { Id, Instant, text } from '../fields.js';
import { CandidacyParams } from './candidacies.js';

const MAX_QUESTIONS = 10;
const QuestionId = z
  .string()
  .max(60)
  .regex(/^[a-z0-9-]+$/, 'is not the id of a question');

/** One question of a kit, with all that an interviewer needs beside it. */
export const KitItem = z.object({
  questionId: z.string(),
  competency: Competency,
  /** What it is there for; null for one that a member added. */
  slot: KitSlot.nullable(),
  /** How it is opened. */
  opening: z.string(),
  /** Why it is asked, from the candidate's own evidence. */
  reason: z.string(),
  /** The checks that it rests on. */
  evidence: z.array(z.object({ taskId: z.string(), check: z.string(), verdict: Verdict })),
});

export const KitChange = z.object({
  kind: z.enum(['added', 'removed', 'replaced', 'reworded', 'reordered']),
  questionId: z.string(),
  /** Of `replaced`: the question that was there before. */
  insteadOf: z.string().nullable(),
  memberId: Id,
  at: Instant,
  why: z.string(),
});

export const Kit = z.object({
  candidacyId: Id,
  /** The content that its questions are of; `GET /v1/content/versions/:version` has the anchors beside them. */
  contentVersion: z.number().int(),
  /** 0 until somebody edits it: till then it follows the evidence. */
  revision: z.number().int(),
  items: z.array(KitItem.extend({ question: Question })),
  /** Why it has fewer questions than it should. */
  shortfall: z.string().nullable(),
  /** Oldest first. */
  changes: z.array(KitChange),
});

export const getKit = endpoint({
  method: 'GET',
  path: '/v1/candidacies/:candidacyId/kit',
  access: 'candidacy:read',
  summary:
    'The interview kit: questions picked from the evidence, each with its reason, or as a member edited them',
  status: 200,
  params: CandidacyParams,
  response: Kit,
  problems: ['content.not_published'],
});

export const editKit = endpoint({
  method: 'PUT',
  path: '/v1/candidacies/:candidacyId/kit',
  access: 'kit:edit',
  summary:
    'The kit as it should be: its questions in order, each with its opening. From then on it stays so. `baseRevision` is the revision that was edited',
  status: 200,
  params: CandidacyParams,
  body: z.strictObject({
    baseRevision: z.number().int().min(0).max(1_000_000),
    items: z
      .array(z.strictObject({ questionId: QuestionId, opening: text(1, 1_000) }))
      .min(1)
      .max(MAX_QUESTIONS),
    /** Kept with the change. */
    why: text(1, 500),
  }),
  response: Kit,
  problems: ['content.not_published', 'kit.changed_elsewhere', 'kit.question_unknown', 'kit.question_twice'],
});
