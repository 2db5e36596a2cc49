import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { Attempt } from './attempt.js';

/** Of an attempt, what a page needs every few seconds. */
export const AttemptClock = Attempt.pick({
  state: true,
  now: true,
  closesAt: true,
  credits: true,
  onBreakSince: true,
  breaks: true,
});

export const sendHeartbeat = endpoint({
  method: 'POST',
  path: '/v1/attempt/heartbeat',
  access: 'candidate',
  summary:
    'My page is there: every 15 seconds, and at once when the network is back. A silence of 45 seconds is a gap, which is credited if nothing was edited in it, up to 10 minutes an attempt',
  status: 200,
  body: z.strictObject({
    /** Edits made since the last heartbeat that was answered, if heartbeats were missed in between; else 0. */
    editsWhileAway: z.number().int().min(0).max(1_000_000),
  }),
  response: AttemptClock,
});

export const beginBreak = endpoint({
  method: 'POST',
  path: '/v1/attempt/break',
  access: 'candidate',
  summary:
    'Take an approved break: the clock stands still, tasks are hidden. It ends by itself when its minutes are used up. Beginning it twice changes nothing',
  status: 200,
  response: AttemptClock,
  problems: ['attempt.closed', 'attempt.not_started', 'break.not_approved', 'break.none_left'],
});

export const endBreak = endpoint({
  method: 'DELETE',
  path: '/v1/attempt/break',
  access: 'candidate',
  summary: 'Come back from a break. Ending one that has ended changes nothing',
  status: 200,
  response: AttemptClock,
});
