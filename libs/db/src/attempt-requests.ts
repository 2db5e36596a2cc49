import type { answerAttemptRequest, InputOf, listAttemptRequests, ReplyOf } from '@assay/contracts/http';
import { appealDueAt, assertNotClosed, attemptState } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import { getAttemptView, lockAttempt } from './attempts.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent, appendStaffEvent } from './events.js';
import type { Prisma } from './generated/client.js';
import { cutPage, pageOf } from './page.js';
import { type Viewer, visibleRoles } from './viewer.js';

/** Of one attempt in an hour. */
const MAX_REPORTS = 10;
const HOUR_MS = 3_600_000;

/** Asks for more time or breaks. No event tells staff: hiring managers read those, too. */
export async function insertExtraTimeRequest(db: Database, attemptId: string, text: string) {
  await db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    assertNotClosed(attempt, now);
    await assertNoneOpen(tx, attemptId, 'extra_time');
    await tx.attemptRequest.create({ data: { attemptId, kind: 'extra_time', text, sentAt: now } });
  });
  return getAttemptView(db, attemptId);
}

/** An appeal after the end; of one that was answered there may be another. */
export function insertAppeal(db: Database, attemptId: string, text: string) {
  return db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    if (attemptState(attempt, now) !== 'closed')
      throw new AppError('attempt.not_closed', 'An appeal is about a result: send what you have first.');
    await assertNoneOpen(tx, attemptId, 'appeal');
    const dueAt = appealDueAt(now);
    const { id: requestId } = await tx.attemptRequest.create({
      data: { attemptId, kind: 'appeal', text, sentAt: now, dueAt },
    });
    const due = dueAt.toISOString();
    await appendStaffEvent(tx, attempt.candidacyId, {
      type: 'attempt.appealed',
      attemptId,
      requestId,
      dueAt: due,
    });
    return { id: requestId, dueAt: due };
  });
}

async function assertNoneOpen(tx: Transaction, attemptId: string, kind: 'extra_time' | 'appeal') {
  if ((await tx.attemptRequest.count({ where: { attemptId, kind, state: 'open' } })) > 0)
    throw new AppError('attempt.request_open', 'It has arrived, and a person will answer it.');
}

export function insertProblemReport(db: Database, attemptId: string, taskId: string, text: string) {
  return db.transaction(async (tx) => {
    const { attempt, now } = await lockAttempt(tx, attemptId);
    const known = await tx.attemptTask.count({ where: { attemptId, taskVersion: { taskId } } });
    if (known === 0 && !attempt.startedAt)
      throw new AppError('attempt.not_started', 'Start the clock to see the tasks.');
    if (known === 0) throw new AppError('resource.not_found', 'This attempt has no such task.');
    const sentAt = { gt: new Date(now.getTime() - HOUR_MS) };
    const sent = await tx.attemptRequest.count({ where: { attemptId, kind: 'problem_report', sentAt } });
    if (sent >= MAX_REPORTS)
      throw new AppError('request.rate_limited', `${MAX_REPORTS} reports an hour are read. Send more later.`);
    const { id: requestId } = await tx.attemptRequest.create({
      data: { attemptId, kind: 'problem_report', taskId, text, sentAt: now },
    });
    const event = { type: 'attempt.problem_reported' as const, attemptId, taskId, requestId };
    await appendStaffEvent(tx, attempt.candidacyId, event);
    return { id: requestId, reportedAt: now.toISOString() };
  });
}

const shape = { attempt: { select: { candidacyId: true } } } as const;

function toRequest(
  row: Prisma.AttemptRequestGetPayload<{ include: typeof shape }>,
): ReplyOf<typeof answerAttemptRequest> {
  const { id, kind, attemptId, taskId, text, state, answer } = row;
  return {
    ...{ id, kind, attemptId, taskId, text, state, answer },
    candidacyId: row.attempt.candidacyId,
    sentAt: row.sentAt.toISOString(),
    dueAt: row.dueAt?.toISOString() ?? null,
    answeredAt: row.answeredAt?.toISOString() ?? null,
  };
}

export async function listAttemptRequestsOf(
  db: Database,
  viewer: Viewer,
  query: InputOf<typeof listAttemptRequests>['query'],
): Promise<ReplyOf<typeof listAttemptRequests>> {
  const { after, ...order } = pageOf(query);
  const rows = await db.prisma.attemptRequest.findMany({
    where: {
      attempt: { candidacy: { role: visibleRoles(viewer) } },
      ...(query.kind && { kind: query.kind }),
      ...(query.state && { state: query.state }),
      ...after,
    },
    include: shape,
    ...order,
  });
  return cutPage(rows, query.limit, toRequest);
}

/** Answers an open request, once. Of two members at once the second is told that it has been answered. */
export function answerAttemptRequestOf(
  db: Database,
  viewer: Viewer,
  requestId: string,
  answer: string,
): Promise<ReplyOf<typeof answerAttemptRequest>> {
  return db.transaction(async (tx) => {
    const known = await tx.attemptRequest.findFirst({
      where: { id: requestId, attempt: { candidacy: { role: visibleRoles(viewer) } } },
    });
    if (!known) throw new AppError('resource.not_found', 'There is no such request, or you may not see it.');
    const { attemptId, kind } = known;
    const { count } = await tx.attemptRequest.updateMany({
      where: { id: requestId, state: 'open' },
      data: {
        state: kind === 'extra_time' ? 'declined' : 'answered',
        answer,
        answeredAt: await databaseNow(tx),
        answeredById: viewer.memberId,
      },
    });
    if (count === 0) throw new AppError('attempt.request_answered', 'The candidate has read the answer.');
    await appendCandidateEvent(tx, attemptId, { type: 'attempt.request_answered', kind });
    return toRequest(await tx.attemptRequest.findUniqueOrThrow({ where: { id: requestId }, include: shape }));
  });
}
