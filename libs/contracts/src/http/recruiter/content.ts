import { z } from 'zod';
import { Content } from '../../content/index.js';
import { endpoint } from '../endpoint.js';
import { Instant } from '../fields.js';

/** All written content as it was published under a number. It never changes. */
export const ContentVersion = z.object({
  version: z.number().int(),
  publishedAt: Instant,
  content: Content,
});

export const getContent = endpoint({
  method: 'GET',
  path: '/v1/content',
  access: 'member',
  summary:
    'The newest written content: competencies with anchors, levels, interview questions, feedback, screening',
  status: 200,
  response: ContentVersion,
  problems: ['content.not_published'],
});

export const getContentVersion = endpoint({
  method: 'GET',
  path: '/v1/content/versions/:version',
  access: 'member',
  summary: 'The written content as it was when something was said with it',
  status: 200,
  params: z.strictObject({ version: z.coerce.number().int().min(1).max(1_000_000) }),
  response: ContentVersion,
});
