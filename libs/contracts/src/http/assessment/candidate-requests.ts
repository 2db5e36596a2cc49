import { z } from 'zod';
import { ATTEMPT_REQUEST_KINDS, AttemptRequestState, ClockCredit } from '../accommodation.js';
import { endpoint, NO_CONTENT } from '../endpoint.js';
import { Id, Instant, TaskId, text } from '../fields.js';
import { Attempt, PRACTICE_TASK_ID } from './attempt.js';

/** What a candidate asks of us beyond the tasks, and all that is known of them. */

const MAX_TEXT = 4_000;

const RequestText = z.strictObject({ text: text(1, MAX_TEXT) });

export const requestExtraTime = endpoint({
  method: 'POST',
  path: '/v1/attempt/extra-time-request',
  access: 'candidate',
  summary:
    'Ask for more time or breaks. Those who rate never see it. The answer comes as attempt.clock_changed',
  status: 200,
  body: RequestText,
  response: Attempt,
  problems: ['attempt.closed', 'attempt.request_open'],
});

export const withdrawAttempt = endpoint({
  method: 'POST',
  path: '/v1/attempt/withdrawal',
  access: 'candidate',
  summary: 'Withdraw: the attempt closes, nothing more is graded. It can be taken back for 10 minutes',
  status: 200,
  response: Attempt,
  problems: ['attempt.closed'],
});

export const undoWithdrawal = endpoint({
  method: 'DELETE',
  path: '/v1/attempt/withdrawal',
  access: 'candidate',
  summary: 'Take a withdrawal back. The clock has gone on meanwhile. Without a withdrawal it changes nothing',
  status: 200,
  response: Attempt,
  problems: ['withdrawal.final'],
});

export const reportProblem = endpoint({
  method: 'POST',
  path: '/v1/attempt/tasks/:taskId/problem-report',
  access: 'candidate',
  summary: 'Report a problem with this task. A person reads it; it never counts against me',
  status: 201,
  params: z.strictObject({ taskId: TaskId }),
  body: RequestText,
  response: z.object({ id: Id, reportedAt: Instant }),
  problems: ['attempt.not_started', 'request.rate_limited'],
});

export const appealResult = endpoint({
  method: 'POST',
  path: '/v1/attempt/appeal',
  access: 'candidate',
  summary:
    'Ask a person to look at the result again, once the attempt is closed. It is answered within 7 days',
  status: 201,
  body: RequestText,
  response: z.object({ id: Id, dueAt: Instant }),
  problems: ['attempt.not_closed', 'attempt.request_open'],
});

export const resetPractice = endpoint({
  method: 'POST',
  path: `/v1/attempt/tasks/${PRACTICE_TASK_ID}/reset`,
  access: 'candidate',
  summary: 'Put the files of the practice task back as they were in the beginning',
  status: 204,
  response: NO_CONTENT,
  problems: ['attempt.practice_over', 'attempt.consent_required'],
});

/** All that is recorded about a candidate in this attempt. Code is named by its snapshot; the files are in `snapshots`. */
export const AttemptRecord = z.object({
  attempt: Attempt,
  consent: z.object({ agreedAt: Instant, text: z.string() }).nullable(),
  credits: z.array(ClockCredit),
  /** Silences of 45 seconds and more, and what the page said was edited in them. */
  gaps: z.array(z.object({ from: Instant, to: Instant, edits: z.number().int() })),
  breaks: z.array(z.object({ from: Instant, to: Instant.nullable() })),
  lastSeenAt: Instant.nullable(),
  sessions: z.array(z.object({ startedAt: Instant, expiresAt: Instant, endedAt: Instant.nullable() })),
  requests: z.array(
    z.object({
      kind: z.enum(ATTEMPT_REQUEST_KINDS),
      taskId: z.string().nullable(),
      text: z.string(),
      state: AttemptRequestState,
      sentAt: Instant,
      answer: z.string().nullable(),
      answeredAt: Instant.nullable(),
    }),
  ),
  runs: z.array(
    z.object({
      id: Id,
      taskId: z.string(),
      kind: z.string(),
      state: z.string(),
      snapshotSha256: z.string(),
      output: z.string(),
      createdAt: Instant,
      finishedAt: Instant.nullable(),
    }),
  ),
  submissions: z.array(
    z.object({
      id: Id,
      taskId: z.string(),
      reason: z.string(),
      snapshotSha256: z.string(),
      submittedAt: Instant,
    }),
  ),
  /** As they are saved now. */
  workspaces: z.array(
    z.object({
      taskId: z.string(),
      files: z.array(
        z.object({ path: z.string(), content: z.string(), revision: z.number().int(), savedAt: Instant }),
      ),
    }),
  ),
  /** The submitted files, by the snapshot's hash. */
  snapshots: z.record(z.string(), z.array(z.object({ path: z.string(), content: z.string() }))),
  events: z.array(z.object({ at: Instant, event: z.unknown() })),
});

export const getRecord = endpoint({
  method: 'GET',
  path: '/v1/attempt/record',
  access: 'candidate',
  summary: 'All that is recorded about me in this attempt, to download. Grading results are not part of it',
  status: 200,
  response: AttemptRecord,
});
