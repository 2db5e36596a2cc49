import { z } from 'zod';
import { endpoint } from './endpoint.js';

export const HealthReport = z.object({
  status: z.enum(['ok', 'unavailable']),
  /** One line for each thing that this process needs: `ok` or what is wrong with it. */
  checks: z.record(z.string(), z.string()),
});
export type HealthReport = z.infer<typeof HealthReport>;

export const getLiveness = endpoint({
  method: 'GET',
  path: '/health/live',
  access: 'public',
  summary: 'The process runs',
  status: 200,
  response: HealthReport,
});

export const getReadiness = endpoint({
  method: 'GET',
  path: '/health/ready',
  access: 'public',
  summary:
    'The process can serve: the database answers. The queue is reported only, since jobs can wait without it',
  status: 200,
  response: HealthReport,
  problems: ['service.unavailable'],
});
