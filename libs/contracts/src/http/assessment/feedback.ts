import { z } from 'zod';
import { LearningPath } from '../../content/index.js';
import { Competency } from '../../vocabulary.js';
import { endpoint } from '../endpoint.js';

/** A check in words that a candidate may read: never what was sent to find it out. */
export const CheckFeedback = z.object({
  task: z.string(),
  /** What it looked at, such as `refuses a stale write`. */
  title: z.string(),
  /** The sentence of the brief that it rests on. */
  brief: z.string().nullable(),
});

export const CompetencyFeedback = z.object({
  competency: Competency,
  name: z.string(),
  summary: z.string(),
  opening: z.string(),
  passed: z.array(CheckFeedback),
  notYet: z.array(
    CheckFeedback.extend({
      /** How it ended, where that says more than that it did not pass. */
      how: z.string().nullable(),
      /** Only statuses and measurements. */
      expected: z.string().nullable(),
      actual: z.string().nullable(),
    }),
  ),
  /** What to try next, from where the candidate stands now. */
  next: LearningPath,
  /** And after that. */
  later: LearningPath.nullable(),
});

export const Feedback = z.object({
  /** Whether everything that was submitted has been graded. */
  isComplete: z.boolean(),
  competencies: z.array(CompetencyFeedback),
});

export const getFeedback = endpoint({
  method: 'GET',
  path: '/v1/attempt/feedback',
  access: 'candidate',
  summary: 'My feedback: what passed, what did not yet, what to try next. Once it has been released',
  status: 200,
  response: Feedback,
  problems: ['feedback.not_released'],
});

export const listCompetencies = endpoint({
  method: 'GET',
  path: '/v1/competencies',
  access: 'candidate',
  summary: 'The competencies by name, each with what it is about',
  status: 200,
  response: z.object({
    items: z.array(z.object({ id: Competency, name: z.string(), summary: z.string() })),
  }),
  problems: ['content.not_published'],
});
