import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { Instant, Secret } from '../fields.js';
import { AttemptRules } from './attempt.js';

export const readInvitation = endpoint({
  method: 'POST',
  path: '/v1/invitation',
  access: 'public',
  summary: "What an invitation's secret opens. Nothing is accepted and nothing starts",
  status: 200,
  body: z.strictObject({ secret: Secret }),
  response: z.object({
    organisation: z.string(),
    role: z.string(),
    minutes: z.number().int(),
    tasks: z.array(z.object({ title: z.string(), minutes: z.number().int() })),
    rules: AttemptRules,
    expiresAt: Instant,
  }),
  problems: ['invitation.invalid'],
});
