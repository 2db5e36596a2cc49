import { appendStaffEvent } from '@assay/db';
import {
  makeInvitation,
  makeTask,
  openEventStream,
  openTestApi,
  type StaffMember,
  type TestApi,
} from '@assay/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

describe('the stream of a candidacy', () => {
  let api: TestApi | undefined;
  let recruiter: StaffMember;
  let candidacyId: string;
  let invitationId: string;

  beforeEach(async () => {
    const opened = await openTestApi(createRecruiterApi);
    api = opened;
    recruiter = await opened.member('recruiter');
    const taskId = await makeTask(opened.db);
    const invited = await makeInvitation(opened.db, recruiter.viewer, [taskId]);
    candidacyId = invited.candidacyId;
    const { attemptId } = invited;
    const invitation = await opened.db.prisma.invitation.findFirstOrThrow({ where: { attemptId } });
    invitationId = invitation.id;
  });
  afterEach(() => api?.close());

  const follow = (lastEventId?: number) =>
    openEventStream(`${api?.url}/v1/candidacies/${candidacyId}/events`, {
      cookie: recruiter.cookie,
      lastEventId,
    });

  const append = (passed: number) =>
    (api as TestApi).db.transaction((tx) =>
      appendStaffEvent(tx, candidacyId, {
        type: 'grading.completed',
        gradingId: invitationId,
        passed,
        total: 40,
      }),
    );

  it('tells what was, then what is, while it happens', async () => {
    const stream = await follow();
    expect(stream.contentType).toMatch(/^text\/event-stream/);
    expect(await stream.next()).toEqual({
      sequence: 1,
      event: { type: 'invitation.created', invitationId },
    });
    const revoking = recruiter.http.delete(`/v1/invitations/${invitationId}`);
    const next = stream.next();
    expect((await revoking).status).toBe(204);
    expect(await next).toEqual({ sequence: 2, event: { type: 'invitation.revoked', invitationId } });

    // By now the API listens: the next event comes as a notification, not by looking again every five seconds.
    const startedAt = performance.now();
    await append(1);
    expect(await stream.next()).toMatchObject({
      sequence: 3,
      event: { type: 'grading.completed', passed: 1 },
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    stream.leave();
  });

  it('is the same by the candidacy’s id in capitals', async () => {
    candidacyId = candidacyId.toUpperCase();
    const stream = await follow();
    expect((await stream.next()).event).toEqual({ type: 'invitation.created', invitationId });
    stream.leave();
  });

  it('resumes where it was left, without a gap and without a repeat, in an order that has none', async () => {
    const stream = await follow();
    await stream.next();
    // From several transactions at once: their order is the order of their commits.
    const appending = Promise.all(Array.from({ length: 40 }, (_, i) => append(i)));
    const seen = await stream.take(15);
    stream.leave();
    await appending;

    const resumed = await follow(seen.at(-1)?.sequence);
    seen.push(...(await resumed.take(25)));
    resumed.leave();
    expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, i) => i + 2));
    expect(new Set(seen.map(({ event }) => event.passed)).size).toBe(40);
  });

  it('ends when the API closes, which waits for nobody who follows', async () => {
    const streams = await Promise.all([follow(), follow(), follow()]);
    for (const stream of streams) await stream.next();
    const startedAt = performance.now();
    const closing = api?.close();
    api = undefined;
    await Promise.all([closing, ...streams.map((stream) => stream.ended())]);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('stays open for a client that claims to have seen what no sequence can reach', async () => {
    const stream = await follow(99_999_999_999);
    expect((await recruiter.http.get('/v1/session')).status).toBe(200);
    const closing = api?.close();
    api = undefined;
    await Promise.all([closing, stream.ended()]);
  });
});
