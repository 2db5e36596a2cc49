import { z } from 'zod';
import type { RunKind } from '../vocabulary.js';

/** What waits separately: a backlog of one never delays another. */
export const QUEUES = ['grading', 'run', 'live'] as const;
export type QueueName = (typeof QUEUES)[number];

interface JobDefinition<P extends z.ZodType = z.ZodType> {
  /** BullMQ queue; each has its own slots in the worker. */
  queue: QueueName;
  payload: P;
  /** BullMQ refuses ':' in ids and silently ignores an id that it still holds: hence the dispatch number. */
  jobId: (payload: z.output<P>) => string;
}

const job = <P extends z.ZodType>(definition: JobDefinition<P>) => definition;

/** Which request enqueued it, for the worker's log; none when the sweeper did. */
const requestId = z.uuid().optional();

/** Every job: its queue, its payload (ids only: Postgres is the truth) and its id. Types producer and handler. */
export const JOBS = {
  'grading.grade': job({
    queue: 'grading',
    payload: z.strictObject({ gradingId: z.uuid(), dispatch: z.number().int().min(1), requestId }),
    jobId: ({ gradingId, dispatch }) => `grading-${gradingId}-${dispatch}`,
  }),
  'run.execute': job({
    queue: 'run',
    payload: z.strictObject({ runId: z.uuid(), dispatch: z.number().int().min(1), requestId }),
    jobId: ({ runId, dispatch }) => `run-${runId}-${dispatch}`,
  }),
  /** Holds a live run for as long as it lives: its server, and who speaks to it. */
  'run.serve': job({
    queue: 'live',
    payload: z.strictObject({ runId: z.uuid(), dispatch: z.number().int().min(1), requestId }),
    jobId: ({ runId, dispatch }) => `live-${runId}-${dispatch}`,
  }),
};

export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.output<(typeof JOBS)[N]['payload']>;

/** Which job a run of that kind is. */
export const jobOfRun = (kind: RunKind) =>
  kind === 'server' ? ('run.serve' as const) : ('run.execute' as const);
