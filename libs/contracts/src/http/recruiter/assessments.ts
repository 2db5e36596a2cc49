import { z } from 'zod';
import { Competency } from '../../vocabulary.js';
import { endpoint } from '../endpoint.js';
import { Id, Instant, name, PageQuery, page, TaskId } from '../fields.js';

export const TaskSummary = z.object({
  taskId: z.string(),
  code: z.string(),
  version: z.number().int(),
  title: z.string(),
  minutes: z.number().int(),
  competencies: z.array(Competency),
  contentHash: z.string(),
  publishedAt: Instant,
});

export const listTasks = endpoint({
  method: 'GET',
  path: '/v1/tasks',
  access: 'assessment:read',
  summary: 'The newest published version of each task',
  status: 200,
  response: z.object({ items: z.array(TaskSummary) }),
});

export const Assessment = z.object({
  id: Id,
  name: z.string(),
  minutes: z.number().int(),
  taskIds: z.array(z.string()),
  createdAt: Instant,
});

export const createAssessment = endpoint({
  method: 'POST',
  path: '/v1/assessments',
  access: 'assessment:create',
  summary: 'An ordered set of tasks with a time allowance',
  status: 201,
  body: z.strictObject({
    name: name(120),
    minutes: z.number().int().min(5).max(480),
    taskIds: z
      .array(TaskId)
      .min(1)
      .max(4)
      .refine((ids) => new Set(ids).size === ids.length, { message: 'must not name a task twice' }),
  }),
  response: Assessment,
  problems: ['task.unknown'],
});

export const listAssessments = endpoint({
  method: 'GET',
  path: '/v1/assessments',
  access: 'assessment:read',
  summary: 'Assessments, newest first',
  status: 200,
  query: PageQuery,
  response: page(Assessment),
});
