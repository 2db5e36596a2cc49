import {
  createTestDatabase,
  makeInvitation,
  makeMember,
  makeRunningAttempt,
  makeTask,
  type TestDatabase,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setAccommodationOf } from './accommodations.js';
import { recordSignOfLife } from './api-lives.js';
import { beginAttempt } from './attempt-start.js';
import { getAttemptView, recordConsent } from './attempts.js';
import { beginBreakOf, endBreakOf } from './breaks.js';
import { getCandidacyOf } from './candidacies.js';
import { Database } from './database.js';
import { recordHeartbeat } from './heartbeats.js';
import { OpenWorkspace } from './open-workspace.js';
import { getRunOf, insertRun } from './runs.js';
import { expireAttempts, submitTaskOf } from './submissions.js';
import type { Viewer } from './viewer.js';
import { saveWorkspaceFile } from './workspace-files.js';
import { getTaskView } from './workspaces.js';

describe("an attempt's clock", () => {
  let test: TestDatabase;
  let owner: Database;
  let db: Database;
  let worker: Database;
  let viewer: Viewer;
  let taskIds: [string, string];

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
    db = new Database(test.apiUrl);
    worker = new Database(test.workerUrl);
    viewer = await makeMember(owner);
    taskIds = [await makeTask(owner), await makeTask(owner)];
  });
  beforeEach(() => owner.prisma.apiLife.deleteMany());
  afterAll(async () => {
    for (const each of [owner, db, worker]) await each.close();
    await test.drop();
  });

  /** Moves all that has happened in an attempt into the past: the database's clock cannot be moved. */
  const pass = (attemptId: string, seconds: number) => owner.prisma.$executeRaw`
    WITH by AS (SELECT ${seconds} * interval '1 second' AS i),
    own AS (UPDATE attempt_interval SET began_at = began_at - i, ended_at = ended_at - i FROM by
      WHERE attempt_id = ${attemptId}::uuid),
    files AS (UPDATE workspace_file SET saved_at = saved_at - i FROM by, attempt_task
      WHERE attempt_task.id = attempt_task_id AND attempt_id = ${attemptId}::uuid)
    UPDATE attempt SET started_at = started_at - i, closes_at = closes_at - i, last_seen_at = last_seen_at - i,
      withdrawn_at = withdrawn_at - i, accommodated_at = accommodated_at - i,
      break_began_at = break_began_at - i, break_ends_at = break_ends_at - i,
      credits = (SELECT coalesce(jsonb_agg(c || jsonb_build_object(
        'from', to_char((c->>'from')::timestamptz - i, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'to', to_char((c->>'to')::timestamptz - i, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))), '[]')
        FROM jsonb_array_elements(credits) AS c)
    FROM by WHERE attempt.id = ${attemptId}::uuid`;
  /** A time in which an API lived, in seconds before now. */
  const life = (from: number, to: number) => owner.prisma.$executeRaw`
    INSERT INTO api_life (id, began_at, seen_at) VALUES (gen_random_uuid(),
      clock_timestamp() - ${from} * interval '1 second', clock_timestamp() - ${to} * interval '1 second')`;
  const begin = () => makeRunningAttempt(db, viewer, taskIds);
  const view = (attemptId: string) => getAttemptView(db, attemptId);
  const leftSeconds = ({ closesAt, now }: { closesAt: string | null; now: string }) =>
    (Date.parse(String(closesAt)) - Date.parse(now)) / 1_000;
  const events = async (attemptId: string, type: string) =>
    (
      await db.prisma.event.findMany({
        where: { stream: `attempt:${attemptId}`, payload: { path: ['type'], equals: type } },
      })
    ).map(({ payload }) => payload);
  const granted = { multiplier: 1, breaks: 2, breakMinutes: 15, relaxedTelemetry: false };

  const save = async (id: string, taskId: string, saved: Parameters<typeof saveWorkspaceFile>[1]) =>
    saveWorkspaceFile(await OpenWorkspace.open(db, id, taskId), saved);

  describe('in an outage of ours', () => {
    it('is credited in full when an API lives again, once, and told', async () => {
      const { attemptId } = await begin();
      await pass(attemptId, 3_000);
      await life(4_000, 2_000);
      await life(500, 0);
      const first = await recordHeartbeat(db, attemptId, 0);
      expect(leftSeconds(first)).toBeCloseTo(600 + 1_500, -1);
      expect(first.credits).toEqual([
        expect.objectContaining({ kind: 'our_outage', seconds: expect.closeTo(1_500, -1) }),
      ]);
      const again = await recordHeartbeat(db, attemptId, 0);
      expect(again.credits).toEqual(first.credits);
      expect(await events(attemptId, 'attempt.clock_changed')).toEqual([
        { type: 'attempt.clock_changed', closesAt: first.closesAt, onBreakSince: null },
      ]);
    });

    it('is not closed while none lives, nor when one lives again, until the credit is used up', async () => {
      const { attemptId } = await begin();
      await pass(attemptId, 3_700);
      await life(4_000, 1_000);
      // Its time was over 100 seconds ago, and nothing has lived for 1000: nobody closes it.
      expect(await expireAttempts(worker)).toEqual([]);
      expect((await db.prisma.attempt.findUniqueOrThrow({ where: { id: attemptId } })).closedAt).toBeNull();
      await recordSignOfLife(db, null);
      expect(await expireAttempts(worker)).toEqual([]);
      const back = await view(attemptId);
      expect(back.state).toBe('running');
      expect(leftSeconds(back)).toBeCloseTo(900, -1);
      const file = { path: 'server.js', content: 'after the outage', baseRevision: 1 };
      await save(attemptId, taskIds[0], file);
      await pass(attemptId, 1_000);
      await owner.prisma.apiLife.updateMany({ data: { seenAt: new Date() } });
      await owner.prisma.$executeRaw`UPDATE api_life SET began_at = began_at - interval '1000 seconds'`;
      expect(await expireAttempts(worker)).toHaveLength(2);
    });

    it('is credited also when it began before the attempt', async () => {
      const { attemptId } = await begin();
      await pass(attemptId, 60);
      await life(4_000, 61);
      await recordSignOfLife(db, null);
      await recordHeartbeat(db, attemptId, 0);
      expect((await view(attemptId)).credits).toMatchObject([{ kind: 'our_outage' }]);
    });

    it('is credited to who comes back before the sweeper does', async () => {
      const comeBack = [
        async (id: string) => void (await view(id)),
        async (id: string) => void (await recordHeartbeat(db, id, 3)),
        async (id: string) => {
          const file = { path: 'server.js', content: 'back', baseRevision: 1 };
          await save(id, taskIds[0], file);
        },
        async (id: string) => void (await submitTaskOf(db, id, taskIds[0])),
      ];
      const attempts = await Promise.all(comeBack.map(() => begin()));
      for (const { attemptId } of attempts) await pass(attemptId, 3_700);
      await life(4_000, 1_000);
      await recordSignOfLife(db, null);
      for (const [i, { attemptId }] of attempts.entries()) {
        await comeBack[i]?.(attemptId);
        expect((await view(attemptId)).state).toBe('running');
      }
    });

    it('is one life while signs come, and another after a long silence', async () => {
      const first = await recordSignOfLife(db, null);
      expect(await recordSignOfLife(db, first)).toBe(first);
      await owner.prisma.$executeRaw`UPDATE api_life SET seen_at = seen_at - interval '11 seconds'`;
      const second = await recordSignOfLife(db, first);
      expect(second).not.toBe(first);
      expect(await db.prisma.apiLife.count()).toBe(2);
    });
  });

  describe("in a gap of the candidate's network", () => {
    it('is credited up to ten minutes, and keeps rows of gaps only', async () => {
      const { attemptId } = await begin();
      await recordHeartbeat(db, attemptId, 0);
      await pass(attemptId, 30);
      await recordHeartbeat(db, attemptId, 0);
      expect((await view(attemptId)).credits).toEqual([]);
      await pass(attemptId, 300);
      await recordHeartbeat(db, attemptId, 0);
      await pass(attemptId, 900);
      const { credits } = await recordHeartbeat(db, attemptId, 0);
      expect(credits.map(({ kind, seconds }) => [kind, Math.round(seconds)])).toEqual([['network_gap', 600]]);
      expect(await db.prisma.attemptInterval.count({ where: { attemptId } })).toBe(2);
    });

    it.each<[string, (attemptId: string) => Promise<unknown>, number]>([
      ['the page says so', async () => undefined, 7],
      [
        'files were saved in the middle of it',
        (attemptId) => owner.prisma.$executeRaw`
          UPDATE workspace_file SET saved_at = clock_timestamp() - interval '100 seconds'
          WHERE attempt_task_id IN (SELECT id FROM attempt_task WHERE attempt_id = ${attemptId}::uuid)`,
        0,
      ],
    ])('forfeits a gap that was edited in: %s', async (_, edit, editsWhileAway) => {
      const { attemptId } = await begin();
      await recordHeartbeat(db, attemptId, 0);
      await pass(attemptId, 200);
      await edit(attemptId);
      expect((await recordHeartbeat(db, attemptId, editsWhileAway)).credits).toEqual([]);
      await pass(attemptId, 60);
      expect((await recordHeartbeat(db, attemptId, 0)).credits).toHaveLength(1);
    });

    it('is over at its time all the same: who comes back later finds what was saved submitted', async () => {
      const { attemptId } = await begin();
      await recordHeartbeat(db, attemptId, 0);
      await pass(attemptId, 3_601);
      const [heartbeat] = await Promise.all([recordHeartbeat(db, attemptId, 0), expireAttempts(worker)]);
      expect(heartbeat.state).toBe('closed');
      expect(await db.prisma.submission.count({ where: { attemptId } })).toBe(2);
      expect((await recordHeartbeat(db, attemptId, 0)).credits).toEqual([]);
    });

    it('is one gap, however many tabs come back at once', async () => {
      const { attemptId } = await begin();
      await recordHeartbeat(db, attemptId, 0);
      await pass(attemptId, 100);
      await Promise.all([0, 0, 0].map((edits) => recordHeartbeat(db, attemptId, edits)));
      expect(await db.prisma.attemptInterval.count({ where: { attemptId } })).toBe(1);
    });
  });

  describe('in a break', () => {
    it('needs an approval, stands still, hides the tasks and ends live runs', async () => {
      const { attemptId } = await begin();
      await expect(beginBreakOf(db, attemptId)).rejects.toMatchObject({ code: 'break.not_approved' });
      await setAccommodationOf(db, viewer, attemptId, granted);
      const run = await insertRun(db, attemptId, taskIds[0], 'server');
      const before = leftSeconds(await view(attemptId));
      const begun = await beginBreakOf(db, attemptId);
      expect(begun.onBreakSince).not.toBeNull();
      expect(begun.breaks?.left).toBe(1);
      await pass(attemptId, 300);
      const during = await beginBreakOf(db, attemptId);
      expect(leftSeconds(during)).toBeCloseTo(before, -1);
      expect(during.credits).toEqual([expect.objectContaining({ kind: 'break', to: null })]);
      expect(during.breaks?.minutesLeft).toBeCloseTo(10, 0);
      const refused = { code: 'attempt.on_break' };
      const file = { path: 'server.js', content: 'x', baseRevision: 1 };
      for (const hidden of [
        () => getTaskView(db, attemptId, taskIds[0]),
        () => save(attemptId, taskIds[0], file),
        () => insertRun(db, attemptId, taskIds[0]),
        () => getRunOf(db, attemptId, run.id),
        () => submitTaskOf(db, attemptId, taskIds[0]),
      ])
        await expect(hidden()).rejects.toMatchObject(refused);
      const ended = await endBreakOf(db, attemptId);
      expect(ended).toMatchObject({ onBreakSince: null, state: 'running' });
      expect(leftSeconds(ended)).toBeCloseTo(before, -1);
      expect(await getRunOf(db, attemptId, run.id)).toMatchObject({
        state: 'finished',
        endedBecause: 'stopped',
        message: 'Your break has begun.',
      });
      await pass(attemptId, 60);
      expect(leftSeconds(await view(attemptId))).toBeCloseTo(before - 60, -1);
    });

    it('ends by itself when its minutes are used up, and there is no other then', async () => {
      const { attemptId } = await begin();
      await setAccommodationOf(db, viewer, attemptId, granted);
      await beginBreakOf(db, attemptId);
      await pass(attemptId, 1_000);
      const after = await recordHeartbeat(db, attemptId, 0);
      expect(after.onBreakSince).toBeNull();
      expect(leftSeconds(after)).toBeCloseTo(3_600 - 100, -1);
      await getTaskView(db, attemptId, taskIds[0]);
      await expect(beginBreakOf(db, attemptId)).rejects.toMatchObject({ code: 'break.none_left' });
      await setAccommodationOf(db, viewer, attemptId, { ...granted, breakMinutes: 20 });
      expect((await beginBreakOf(db, attemptId)).onBreakSince).not.toBeNull();
    });

    it('never runs out of time', async () => {
      const { attemptId } = await begin();
      await setAccommodationOf(db, viewer, attemptId, granted);
      await pass(attemptId, 3_500);
      await beginBreakOf(db, attemptId);
      await pass(attemptId, 800);
      expect(await expireAttempts(worker)).toEqual([]);
      expect((await view(attemptId)).state).toBe('running');
      await pass(attemptId, 300);
      expect(await expireAttempts(worker)).toHaveLength(2);
    });
  });

  describe('with extra time', () => {
    const more = { ...granted, multiplier: 1.5 };

    it('is longer from the start when it was granted before', async () => {
      const { attemptId } = await makeInvitation(db, viewer, taskIds);
      expect(await setAccommodationOf(db, viewer, attemptId, more)).toEqual({
        attemptId,
        accommodation: more,
        closesAt: null,
      });
      await recordConsent(db, attemptId);
      const started = await beginAttempt(db, attemptId);
      expect(leftSeconds(started)).toBeCloseTo(5_400, -1);
      expect(started).toMatchObject({ minutes: 60, accommodation: more });
    });

    it('moves the end of an open page, and only grows', async () => {
      const { attemptId } = await begin();
      const before = leftSeconds(await view(attemptId));
      const set = await setAccommodationOf(db, viewer, attemptId, more);
      expect(await events(attemptId, 'attempt.clock_changed')).toEqual([
        { type: 'attempt.clock_changed', closesAt: set.closesAt, onBreakSince: null },
      ]);
      expect(leftSeconds(await view(attemptId))).toBeCloseTo(before + 1_800, -1);
      for (const less of [{ multiplier: 1.2 }, { breaks: 1 }, { breakMinutes: 14 }])
        await expect(setAccommodationOf(db, viewer, attemptId, { ...more, ...less })).rejects.toMatchObject({
          code: 'accommodation.only_more',
        });
    });

    it('comes too late for an attempt that is closed', async () => {
      const { attemptId } = await begin();
      for (const taskId of taskIds) await submitTaskOf(db, attemptId, taskId);
      await expect(setAccommodationOf(db, viewer, attemptId, more)).rejects.toMatchObject({
        code: 'attempt.closed',
      });
    });

    it('is nothing that those who rate can see', async () => {
      const { attemptId, candidacyId, roleId } = await begin();
      await setAccommodationOf(db, viewer, attemptId, more);
      const manager = await makeMember(owner, 'hiring_manager', viewer.organisationId);
      await owner.prisma.roleMember.create({ data: { roleId, memberId: manager.memberId } });
      const [seen] = (await getCandidacyOf(db, manager, candidacyId)).attempts;
      expect(seen).toMatchObject({ startedAt: null, closesAt: null, state: 'running' });
      expect((await getCandidacyOf(db, viewer, candidacyId)).attempts[0]?.closesAt).not.toBeNull();
      const told = await db.prisma.event.findMany({ where: { stream: `candidacy:${candidacyId}` } });
      expect(JSON.stringify(told)).not.toMatch(/clock|multiplier|break|extra/);
    });
  });

  it('counts once whatever happens at the same moment', async () => {
    const { attemptId } = await begin();
    await setAccommodationOf(db, viewer, attemptId, granted);
    await recordHeartbeat(db, attemptId, 0);
    await pass(attemptId, 3_590);
    await life(3_700, 100);
    await recordSignOfLife(db, null);
    await Promise.all([
      recordHeartbeat(db, attemptId, 0),
      beginBreakOf(db, attemptId),
      recordHeartbeat(db, attemptId, 0),
      expireAttempts(worker),
      submitTaskOf(db, attemptId, taskIds[0]).catch(() => undefined),
    ]);
    const { credits, closesAt, startedAt } = await endBreakOf(db, attemptId);
    const sum = credits.reduce((seconds, credit) => seconds + credit.seconds, 0);
    const whole = (Date.parse(String(closesAt)) - Date.parse(String(startedAt))) / 1_000;
    expect(whole).toBeCloseTo(3_600 + sum, 2);
    expect(credits.filter(({ kind }) => kind === 'our_outage')).toHaveLength(1);
  });
});
