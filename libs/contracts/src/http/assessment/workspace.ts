import { z } from 'zod';
import {
  Competency,
  QueuePosition,
  SourceFile,
  SourcePath,
  TargetLevel,
  TaskMode,
} from '../../vocabulary.js';
import { endpoint, NO_CONTENT } from '../endpoint.js';
import { Id, Instant, TaskId, text } from '../fields.js';

const TaskParams = z.strictObject({ taskId: TaskId });

export const MAX_FILE_BYTES = 256 * 1024;

const utf8Length = (text: string) => new TextEncoder().encode(text).length;

export const WorkspaceFile = z.object({
  path: SourcePath,
  content: z.string(),
  /** Grows by one with every save. */
  revision: z.number().int(),
});

export const CandidateTask = z.object({
  taskId: z.string(),
  title: z.string(),
  /** A task of functions has no server to run, only sample checks. */
  mode: TaskMode,
  /** Markdown. */
  brief: z.string(),
  files: z.array(WorkspaceFile),
  /** The files as they were at the start. */
  starter: z.array(SourceFile),
  sampleChecks: z.array(
    z.object({
      name: z.string(),
      competency: Competency,
      level: TargetLevel,
      /** The sentence of the brief that the check rests on. */
      impliedBy: z.string(),
    }),
  ),
  limits: z.object({ memoryMb: z.number(), cpus: z.number(), pids: z.number(), nodeVersion: z.string() }),
});

export const getTask = endpoint({
  method: 'GET',
  path: '/v1/attempt/tasks/:taskId',
  access: 'candidate',
  summary:
    'The brief, my files and the sample checks of a task. Only once the clock runs; `practice` from consent until then',
  status: 200,
  params: TaskParams,
  response: CandidateTask,
  problems: ['attempt.not_started', 'attempt.on_break', 'attempt.practice_over'],
});

export const saveFile = endpoint({
  method: 'PUT',
  path: '/v1/attempt/tasks/:taskId/file',
  access: 'candidate',
  summary: 'Save one file. `baseRevision` is the revision that was edited; 0 makes a new file',
  status: 200,
  params: TaskParams,
  body: z.strictObject({
    path: SourcePath,
    content: text(0, MAX_FILE_BYTES).refine((content) => utf8Length(content) <= MAX_FILE_BYTES, {
      message: 'must be at most 256 KiB in UTF-8',
    }),
    baseRevision: z.number().int().min(0).max(2_000_000_000),
  }),
  response: z.object({ path: SourcePath, revision: z.number().int(), savedAt: Instant }),
  problems: [
    'attempt.closed',
    'attempt.not_started',
    'attempt.on_break',
    'attempt.practice_over',
    'submission.final',
    'file.changed_elsewhere',
    'file.too_many',
    'file.no_room',
    'file.path_taken',
  ],
});

export const deleteFile = endpoint({
  method: 'DELETE',
  path: '/v1/attempt/tasks/:taskId/file',
  access: 'candidate',
  summary: 'Delete one file. Deleting what is not there changes nothing',
  status: 204,
  params: TaskParams,
  query: z.strictObject({ path: SourcePath }),
  response: NO_CONTENT,
  problems: [
    'attempt.closed',
    'attempt.not_started',
    'attempt.on_break',
    'attempt.practice_over',
    'submission.final',
  ],
});

/** A zip, or on the way in a tar.gz too, as base64: requests and answers are JSON everywhere. */
const ARCHIVE_LENGTH = 1_000_000;

export const getFiles = endpoint({
  method: 'GET',
  path: '/v1/attempt/tasks/:taskId/files',
  access: 'candidate',
  summary: 'My whole project as a zip, in base64',
  status: 200,
  params: TaskParams,
  response: z.object({ archive: z.string() }),
  problems: ['attempt.not_started', 'attempt.on_break', 'attempt.practice_over'],
});

export const replaceFiles = endpoint({
  method: 'PUT',
  path: '/v1/attempt/tasks/:taskId/files',
  access: 'candidate',
  summary:
    'Replace the whole project by what a zip or tar.gz holds, all of it or nothing. node_modules and .git are left out; where everything lies in one folder, that is the project',
  status: 200,
  params: TaskParams,
  body: z.strictObject({ archive: z.base64().min(4).max(ARCHIVE_LENGTH) }),
  response: z.object({
    files: z.array(z.object({ path: SourcePath, revision: z.number().int() })),
    savedAt: Instant,
  }),
  problems: [
    'attempt.closed',
    'attempt.not_started',
    'attempt.on_break',
    'attempt.practice_over',
    'submission.final',
    'archive.refused',
  ],
});

export const submitTask = endpoint({
  method: 'POST',
  path: '/v1/attempt/tasks/:taskId/submission',
  access: 'candidate',
  summary: 'Submit what is saved. Final for this task',
  status: 201,
  params: TaskParams,
  response: z.object({
    id: Id,
    taskId: z.string(),
    files: z.number().int(),
    sha256: z.string(),
    /** 0 while its grading is worked on, 1 when it is next. */
    queuePosition: QueuePosition,
    submittedAt: Instant,
  }),
  problems: [
    'attempt.closed',
    'attempt.not_started',
    'attempt.on_break',
    'attempt.practice_over',
    'submission.final',
  ],
});
