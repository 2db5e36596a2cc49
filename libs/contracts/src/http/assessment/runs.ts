import { z } from 'zod';
import { RunOutputEvent } from '../../events/index.js';
import { QueuePosition, RUN_KINDS, RunEnd, Verdict } from '../../vocabulary.js';
import { endpoint, eventStream, NO_CONTENT } from '../endpoint.js';
import { Id, Instant, TaskId } from '../fields.js';
import { ConsoleReply, ConsoleRequest } from './console.js';

const RunParams = z.strictObject({ runId: Id });

export const Run = z.object({
  id: Id,
  taskId: z.string(),
  /** `checks`: the sample checks, once. `server`: my server, live, to be spoken to. */
  kind: z.enum(RUN_KINDS),
  /** `failed_by_us`: run again; nothing is lost. */
  state: z.enum(['queued', 'running', 'finished', 'superseded', 'failed_by_us']),
  /** 0 while it is worked on, 1 when it is next, null once it has ended. */
  queuePosition: QueuePosition,
  /** Sample checks: all may be seen. */
  checks: z.array(
    z.object({
      name: z.string(),
      verdict: Verdict,
      ms: z.number(),
      message: z.string().nullable(),
      expected: z.string().nullable(),
      actual: z.string().nullable(),
    }),
  ),
  /** The last lines that the server wrote. */
  output: z.string(),
  /** Of a live run that has ended by itself or was stopped: why, in a word and in a sentence. */
  endedBecause: RunEnd.nullable(),
  message: z.string().nullable(),
  /** How its server's process ended, if it did so by itself. */
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
});

export const startRun = endpoint({
  method: 'POST',
  path: '/v1/attempt/tasks/:taskId/runs',
  access: 'candidate',
  summary:
    'Run what is saved: the sample checks, or my server live. A newer run takes the place of an older one',
  status: 202,
  params: z.strictObject({ taskId: TaskId }),
  body: z.strictObject({ kind: z.enum(RUN_KINDS).default('checks') }),
  response: Run,
  problems: [
    'attempt.closed',
    'attempt.not_started',
    'attempt.on_break',
    'attempt.practice_over',
    'submission.final',
  ],
});

export const getRun = endpoint({
  method: 'GET',
  path: '/v1/attempt/runs/:runId',
  access: 'candidate',
  summary: 'One run with its sample results and its output',
  status: 200,
  params: RunParams,
  response: Run,
  problems: ['attempt.on_break', 'attempt.practice_over'],
});

export const stopRun = endpoint({
  method: 'DELETE',
  path: '/v1/attempt/runs/:runId',
  access: 'candidate',
  summary: 'End a live run. Ending one that has ended changes nothing',
  status: 204,
  params: RunParams,
  response: NO_CONTENT,
  problems: ['run.not_live'],
});

export const sendRequest = endpoint({
  method: 'POST',
  path: '/v1/attempt/runs/:runId/requests',
  access: 'candidate',
  summary: 'Send a request to the server of a live run, which keeps it alive for another minute',
  status: 200,
  params: RunParams,
  body: ConsoleRequest,
  response: ConsoleReply,
  problems: ['run.not_live'],
});

export const checkRun = endpoint({
  method: 'POST',
  path: '/v1/attempt/runs/:runId/checks',
  access: 'candidate',
  summary: 'Run the sample checks on the files of a live run, which goes on; each check meets a fresh server',
  status: 202,
  params: RunParams,
  response: Run,
  problems: [
    'attempt.closed',
    'attempt.on_break',
    'attempt.practice_over',
    'submission.final',
    'run.not_live',
  ],
});

export const streamRun = endpoint({
  method: 'GET',
  path: '/v1/attempt/runs/:runId/output',
  access: 'candidate',
  summary:
    'What the server of a live run writes, until its end, as server-sent events; resumes after Last-Event-ID',
  status: 200,
  params: RunParams,
  response: eventStream(RunOutputEvent),
  problems: ['run.not_live', 'attempt.on_break', 'attempt.practice_over'],
});
