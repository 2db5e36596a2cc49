import { createTestDatabase, makeInvitation, makeMember, makeTask, type TestDatabase } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from './database.js';
import { releaseIdempotencyKey, reserveIdempotencyKey, storeAnswer } from './idempotent-requests.js';
import { insertInvitation, revokeInvitationOf } from './invitations.js';
import { assertMayTryLogin, countLoginFailure, createSetupLink, setUpOrganisation } from './members.js';
import {
  findCandidateCaller,
  findStaffCaller,
  revokeSession,
  startCandidateSession,
  startStaffSession,
} from './sessions.js';

describe('sessions, links and keys', () => {
  let test: TestDatabase;
  let owner: Database;
  let db: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
    db = new Database(test.apiUrl);
  });
  afterAll(async () => {
    await db.close();
    await owner.close();
    await test.drop();
  });

  it('set an empty system up once, even when the link is used twice at the same time', async () => {
    const first = String(await createSetupLink(db));
    const secret = String(await createSetupLink(db));
    const draft = (link: string, email: string) => ({
      secret: link,
      organisation: 'Acme',
      name: 'Olu Owner',
      email,
      passwordHash: 'none',
    });
    await expect(setUpOrganisation(db, draft(first, 'a@acme.example'))).rejects.toMatchObject({
      code: 'setup.link_used',
    });
    const outcomes = await Promise.allSettled([
      setUpOrganisation(db, draft(secret, 'b@acme.example')),
      setUpOrganisation(db, draft(secret, 'c@acme.example')),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await db.prisma.organisation.count()).toBe(1);
    expect(await createSetupLink(db)).toBeNull();
  });

  it('are kept as hashes, belong to one realm, and end by revocation or time', async () => {
    const viewer = await makeMember(owner, 'recruiter');
    const { secret } = await startStaffSession(db.prisma, viewer.memberId);
    expect(JSON.stringify(await db.prisma.session.findMany())).not.toContain(secret);
    const caller = await findStaffCaller(db, secret);
    expect(caller).toMatchObject({ realm: 'staff', memberId: viewer.memberId, access: 'recruiter' });
    expect(await findCandidateCaller(db, secret)).toBeNull();
    expect(await findStaffCaller(db, `${secret.slice(0, -1)}x`)).toBeNull();
    await revokeSession(db, String(caller?.sessionId));
    expect(await findStaffCaller(db, secret)).toBeNull();

    const other = await startStaffSession(db.prisma, viewer.memberId);
    await db.prisma.session.updateMany({ data: { expiresAt: new Date(0) } });
    expect(await findStaffCaller(db, other.secret)).toBeNull();
  });

  it('are never mixed up when many are looked up at the same time', async () => {
    const viewers = await Promise.all([1, 2, 3].map(() => makeMember(owner)));
    const sessions = await Promise.all(viewers.map(({ memberId }) => startStaffSession(db.prisma, memberId)));
    const secrets = [...sessions.map(({ secret }) => secret), 'of nobody'];
    const callers = await Promise.all(
      [...secrets, ...secrets.toReversed()].map((secret) => findStaffCaller(db, secret)),
    );
    const memberIds = [...viewers.map(({ memberId }) => memberId), undefined];
    expect(callers.map((caller) => caller?.memberId)).toEqual([...memberIds, ...memberIds.toReversed()]);
  });

  it('come from an invitation any number of times, until it is revoked; then they end too', async () => {
    const viewer = await makeMember(owner);
    const invited = await makeInvitation(db, viewer, [await makeTask(owner)]);
    const { secret } = await startCandidateSession(db, invited.secret);
    expect(await findCandidateCaller(db, secret)).toMatchObject({ attemptId: invited.attemptId });
    const draft = { candidacyId: invited.candidacyId, assessmentId: invited.assessmentId, expiresInDays: 1 };
    await expect(insertInvitation(db, viewer, invited.roleId, draft)).rejects.toMatchObject({
      code: 'invitation.duplicate',
    });
    const [invitation] = await db.prisma.invitation.findMany({ where: { attemptId: invited.attemptId } });
    await revokeInvitationOf(db, viewer, String(invitation?.id));
    await revokeInvitationOf(db, viewer, String(invitation?.id));
    expect(await findCandidateCaller(db, secret)).toBeNull();
    await expect(startCandidateSession(db, invited.secret)).rejects.toMatchObject({
      code: 'invitation.invalid',
    });
    const again = await insertInvitation(db, viewer, invited.roleId, draft);
    expect((await startCandidateSession(db, again.secret)).attemptId).toBe(invited.attemptId);
  });

  it('count failed log-ins that come at the same time, each of them', async () => {
    await Promise.all(Array.from({ length: 4 }, () => countLoginFailure(db, 'guess@acme.example')));
    await assertMayTryLogin(db, 'guess@acme.example');
    await countLoginFailure(db, 'guess@acme.example');
    await expect(assertMayTryLogin(db, 'guess@acme.example')).rejects.toMatchObject({
      code: 'session.throttled',
    });
    await owner.prisma.$executeRaw`UPDATE login_throttle SET window_ends_at = now() - interval '1 second'`;
    await assertMayTryLogin(db, 'guess@acme.example');
  });

  it('reserve an idempotency key once, and answer a repeat with what was stored', async () => {
    const request = { scope: 'session /v1/roles', key: 'k', requestHash: 'h' };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => reserveIdempotencyKey(db, request)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const other = { ...request, requestHash: 'other' };
    await expect(reserveIdempotencyKey(db, other)).rejects.toMatchObject({ code: 'request.key_reused' });
    await releaseIdempotencyKey(db, request);
    expect(await reserveIdempotencyKey(db, request)).toBeNull();
    await storeAnswer(db, request, { status: 201, response: 'sealed' });
    expect(await reserveIdempotencyKey(db, request)).toEqual({ status: 201, response: 'sealed' });
  });

  it('take over an idempotency key whose request was cut off by a crash', async () => {
    const request = { scope: 'crashed', key: 'k', requestHash: 'h' };
    await reserveIdempotencyKey(db, request);
    await expect(reserveIdempotencyKey(db, request)).rejects.toMatchObject({ code: 'request.in_progress' });
    await owner.prisma.$executeRaw`UPDATE idempotent_request SET created_at = now() - interval '2 minutes'`;
    expect(await reserveIdempotencyKey(db, request)).toBeNull();
  });
});
