import type { getRecord, ReplyOf } from '@assay/contracts/http';
import { getAttemptView } from './attempts.js';
import type { Database } from './database.js';
import { attemptStream } from './events.js';
import { readSnapshot } from './snapshots.js';

/** All that is kept of a candidate in one attempt, but for what graders found: that is the organisation's to share. */
export async function getAttemptRecord(db: Database, attemptId: string): Promise<ReplyOf<typeof getRecord>> {
  const attempt = await getAttemptView(db, attemptId);
  const row = await db.prisma.attempt.findUniqueOrThrow({
    where: { id: attemptId },
    include: {
      intervals: { orderBy: { beganAt: 'asc' } },
      requests: { orderBy: { sentAt: 'asc' } },
      submissions: {
        orderBy: { submittedAt: 'asc' },
        include: { taskVersion: { select: { taskId: true } } },
      },
      invitations: { include: { sessions: { orderBy: { createdAt: 'asc' } } } },
      tasks: {
        orderBy: { position: 'asc' },
        include: {
          taskVersion: { select: { taskId: true } },
          files: { orderBy: { path: 'asc' } },
          runs: { orderBy: { createdAt: 'asc' } },
        },
      },
    },
  });
  const events = await db.prisma.event.findMany({
    where: { stream: attemptStream(attemptId) },
    orderBy: { sequence: 'asc' },
  });
  const snapshots: Record<string, { path: string; content: string }[]> = {};
  for (const { snapshotSha256 } of row.submissions)
    snapshots[snapshotSha256] ??= await readSnapshot(db.prisma, snapshotSha256);
  const of = (kind: 'gap' | 'break') => row.intervals.filter((interval) => interval.kind === kind);
  return {
    attempt,
    consent: row.consentedAt && { agreedAt: row.consentedAt.toISOString(), text: row.consentText ?? '' },
    credits: attempt.credits,
    gaps: of('gap').map(({ beganAt, endedAt, edits }) => ({
      from: beganAt.toISOString(),
      to: (endedAt ?? beganAt).toISOString(),
      edits,
    })),
    breaks: of('break').map(({ beganAt, endedAt }) => ({
      from: beganAt.toISOString(),
      to: endedAt?.toISOString() ?? null,
    })),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    sessions: row.invitations.flatMap(({ sessions }) =>
      sessions.map(({ createdAt, expiresAt, revokedAt }) => ({
        startedAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        endedAt: revokedAt?.toISOString() ?? null,
      })),
    ),
    requests: row.requests.map(({ kind, taskId, text, state, sentAt, answer, answeredAt }) => ({
      ...{ kind, taskId, text, state, answer },
      sentAt: sentAt.toISOString(),
      answeredAt: answeredAt?.toISOString() ?? null,
    })),
    runs: row.tasks.flatMap(({ taskVersion, runs }) =>
      runs.map(({ id, kind, state, snapshotSha256, output, createdAt, finishedAt }) => ({
        ...{ id, taskId: taskVersion.taskId, kind, state, snapshotSha256, output },
        createdAt: createdAt.toISOString(),
        finishedAt: finishedAt?.toISOString() ?? null,
      })),
    ),
    submissions: row.submissions.map(({ id, taskVersion, reason, snapshotSha256, submittedAt }) => ({
      ...{ id, taskId: taskVersion.taskId, reason, snapshotSha256 },
      submittedAt: submittedAt.toISOString(),
    })),
    workspaces: row.tasks.map(({ taskVersion, files }) => ({
      taskId: taskVersion.taskId,
      files: files.map(({ path, content, revision, savedAt }) => ({
        ...{ path, content, revision },
        savedAt: savedAt.toISOString(),
      })),
    })),
    snapshots,
    events: events.map(({ at, payload }) => ({ at: at.toISOString(), event: payload })),
  };
}
