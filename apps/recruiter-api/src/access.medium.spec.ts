import { RECRUITER_API } from '@assay/contracts/http';
import { hashSecret } from '@assay/core/tenancy';
import { insertAssessment, insertProblemReport, publishContent, startStaffSession } from '@assay/db';
import { hashPassword } from '@assay/platform';
import { JobProducer } from '@assay/queue';
import {
  accessCells,
  assertAnswered,
  logsOut,
  makeGradingNeedingAttention,
  makeRegrade,
  makeTask,
  makeWholeCandidacy,
  openEventStream,
  openTestApi,
  problemOf,
  type StaffMember,
  StateWatch,
  sampleContent,
  servedRoutes,
  stateOf,
  type TestApi,
  usesUp,
  waitFor,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

/** The columns of the table. Everything that is asked for belongs to one organisation: theirs, if nothing is said. */
const CALLERS = {
  nobody: 'nobody',
  cand: 'a candidate with their own cookie',
  asStaff: 'a candidate who renamed their cookie',
  forged: 'a made-up session',
  revoked: 'an owner whose session was revoked',
  expired: 'an owner whose session is over',
  site: 'an owner, from a page of another site',
  owner: 'an owner',
  recr: 'a recruiter',
  hmOn: 'a hiring manager of the role',
  hmOff: 'a hiring manager of other roles',
  intv: 'an interviewer, although on the role',
  xOwner: 'an owner of another organisation',
  xRecr: 'a recruiter of another organisation',
  xHm: 'a hiring manager of another organisation, although on the role',
  xIntv: 'an interviewer of another organisation, although on the role',
};
type Caller = keyof typeof CALLERS;

/** What each caller is answered on each route; libs/testing/src/access-matrix.ts says what the words stand for. */
const TABLE = `
                            nobody cand   asStaff forged revoked expired site    owner  recr   hmOn   hmOff  intv   xOwner xRecr  xHm    xIntv
getLiveness                 ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
getReadiness                ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /                       ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /setup                  ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /pages/setup.js         ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /pages/style.css        ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /docs                   ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /docs/init.js           ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /docs/openapi.json      ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /docs/swagger-ui.css    ok     ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET /docs/swagger-ui-bundle.js ok  ok     ok      ok     ok      ok      ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
setUp                       nolink nolink nolink  nolink nolink  nolink  foreign nolink nolink nolink nolink nolink nolink nolink nolink nolink
logIn                       ok     ok     ok      ok     ok      ok      foreign ok     ok     ok     ok     ok     ok     ok     ok     ok
getSession                  login  login  ended   ended  ended   ended   ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
logOut                      login  login  ended   ended  ended   ended   foreign ok     ok     ok     ok     ok     ok     ok     ok     ok
listTasks                   login  login  ended   ended  ended   ended   ok      ok     ok     ok     ok     denied ok     ok     ok     denied
createAssessment            login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied ok     ok     denied denied
listAssessments             login  login  ended   ended  ended   ended   ok      ok     ok     ok     ok     denied ok     ok     ok     denied
createRole                  login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied ok     ok     denied denied
listRoles                   login  login  ended   ended  ended   ended   ok      ok     ok     ok     ok     denied ok     ok     ok     denied
getRole                     login  login  ended   ended  ended   ended   ok      ok     ok     ok     unseen denied unseen unseen unseen denied
closeRole                   login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
addCandidate                login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
listCandidacies             login  login  ended   ended  ended   ended   ok      ok     ok     ok     unseen denied unseen unseen unseen denied
getCandidacy                login  login  ended   ended  ended   ended   ok      ok     ok     ok     unseen denied unseen unseen unseen denied
getLevel                    login  login  ended   ended  ended   ended   ok      ok     ok     ok     unseen denied unseen unseen unseen denied
streamCandidacy             login  login  ended   ended  ended   ended   ok      ok     ok     ok     unseen denied unseen unseen unseen denied
createInvitation            login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
revokeInvitation            login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
getSubmission               login  login  ended   ended  ended   ended   ok      ok     ok     ok     unseen denied unseen unseen unseen denied
regradeSubmission           login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
adoptGrading                login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
listOutdatedSubmissions     login  login  ended   ended  ended   ended   ok      ok     ok     denied denied denied ok     ok     denied denied
startRegrade                login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
listRegrades                login  login  ended   ended  ended   ended   ok      ok     ok     denied denied denied ok     ok     denied denied
getRegrade                  login  login  ended   ended  ended   ended   ok      ok     ok     denied denied denied unseen unseen denied denied
listRegradedSubmissions     login  login  ended   ended  ended   ended   ok      ok     ok     denied denied denied unseen unseen denied denied
adoptRegrade                login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
listGradingsNeedingAttention login login  ended   ended  ended   ended   ok      ok     ok     denied denied denied ok     ok     denied denied
retryGrading                login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
GET /queues                 login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/                login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/queue/:queueName login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/queue/:queueName/:jobId login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/static/:top  login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/static/:top/:middle login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/static/:top/:middle/:last login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/api/queues      login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/api/queues/:queueName/:jobId login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/api/queues/:queueName/:jobId/logs login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
GET /queues/api/queues/:queueName/:jobId/flow login  login  ended   ended  ended   ended   ok      ok     denied denied denied denied ok     denied denied denied
getGradingQueue             login  login  ended   ended  ended   ended   ok      ok     ok     ok     ok     denied ok     ok     ok     denied
getAccommodation            login  login  ended   ended  ended   ended   ok      ok     ok     denied denied denied unseen unseen denied denied
setAccommodation            login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
listAttemptRequests         login  login  ended   ended  ended   ended   ok      ok     ok     denied denied denied ok     ok     denied denied
answerAttemptRequest        login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
getContent                  login  login  ended   ended  ended   ended   ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
getContentVersion           login  login  ended   ended  ended   ended   ok      ok     ok     ok     ok     ok     ok     ok     ok     ok
getKit                      login  login  ended   ended  ended   ended   ok      ok     ok     ok     unseen denied unseen unseen unseen denied
editKit                     login  login  ended   ended  ended   ended   foreign ok     ok     ok     unseen denied unseen unseen unseen denied
getFeedbackOfCandidacy      login  login  ended   ended  ended   ended   ok      ok     ok     ok     unseen denied unseen unseen unseen denied
releaseFeedback             login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
withdrawFeedback            login  login  ended   ended  ended   ended   foreign ok     ok     denied denied denied unseen unseen denied denied
`;

const CELLS = accessCells(RECRUITER_API, TABLE).map((cell) => ({
  ...cell,
  who: CALLERS[cell.caller as Caller],
}));

type RecruiterTestApi = TestApi<Awaited<ReturnType<typeof createRecruiterApi>>>;

/** A job for the owners' board, of no row's grading. */
const QUEUED = {
  payload: { gradingId: '019a0000-0000-7000-8000-000000000001', dispatch: 1 },
  jobId: 'grading-019a0000-0000-7000-8000-000000000001-1',
};

/** Files of the owners' board, by the route that serves them. */
const BOARD_FILES = {
  'GET /queues/static/:top': { top: 'favicon.ico' },
  'GET /queues/static/:top/:middle': { top: 'images', middle: 'logo.svg' },
  'GET /queues/static/:top/:middle/:last': { top: 'locales', middle: 'en-US', last: 'messages.json' },
};

const PASSWORD = 'correct horse battery staple';

describe('access', () => {
  let api: RecruiterTestApi;
  let watch: StateWatch;
  let owner: StaffMember;
  let taskIds: [string, string];
  let shared: Awaited<ReturnType<typeof arrange>>;
  let cookies: Record<Caller, string>;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    watch = new StateWatch(api.db);
    owner = await api.member('owner');
    const passwordHash = await hashPassword(PASSWORD);
    await api.db.prisma.member.update({ where: { id: owner.viewer.memberId }, data: { passwordHash } });
    taskIds = [await makeTask(api.db), await makeTask(api.db)];
    await publishContent(api.db, sampleContent(), 'sample');
    const jobs = api.app.get(JobProducer);
    await waitFor('Redis', () => jobs.isReachable());
    await jobs.enqueue('grading.grade', QUEUED.payload, 0);
    shared = await arrange();
    const all = Object.keys(CALLERS) as Caller[];
    const made = await Promise.all(all.map(async (caller) => [caller, await cookieOf(caller, shared)]));
    cookies = Object.fromEntries(made) as typeof cookies;
  });
  afterAll(() => api.close());

  /** A candidacy of the owner's organisation, and requests that are about it. */
  async function arrange() {
    const graded = await makeTask(api.db);
    const whole = await makeWholeCandidacy(api.db, owner.viewer, [graded, taskIds[1]]);
    const { regradeId, regradingIds } = await makeRegrade(api.db, owner.viewer, { ...whole, taskId: graded });
    const failed = await makeGradingNeedingAttention(api.db, owner.viewer, taskIds[1]);
    const request = await insertProblemReport(api.db, whole.attemptId, taskIds[1], 'It is dark here.');
    const made = {
      ...whole,
      regradeId,
      regradingId: regradingIds[0],
      failedId: failed.gradingId,
      requestId: request.id,
    };
    const { id } = await insertAssessment(api.db, owner.viewer, { name: 'Next', minutes: 60, taskIds });
    const { email } = await api.db.prisma.member.findUniqueOrThrow({ where: { id: owner.viewer.memberId } });
    const known = {
      ...made,
      answer: 'Thank you, we look into it.',
      multiplier: 1.5,
      breaks: 1,
      breakMinutes: 10,
      relaxedTelemetry: false,
      taskId: graded,
      submissionIds: [made.submissionId],
      // Nobody has been invited to this one yet.
      assessmentId: id,
      email,
      password: PASSWORD,
      taskIds,
      competencies: { rest: 1 },
      secret: 'x'.repeat(43),
      queueName: 'grading',
      jobId: QUEUED.jobId,
      version: 1,
      baseRevision: 0,
      items: [{ questionId: 'sec-first', opening: 'Tell me about it.' }],
      why: 'It matters to us.',
    };
    return { made, known };
  }

  async function cookieOf(caller: Caller, { made }: typeof shared): Promise<string> {
    const { organisationId, memberId } = owner.viewer;
    const member = async (...who: Parameters<typeof api.member>) => (await api.member(...who)).cookie;
    const onTheRole = async (...who: Parameters<typeof api.member>) => {
      const { viewer, cookie } = await api.member(...who);
      await api.db.prisma.roleMember.create({ data: { roleId: made.roleId, memberId: viewer.memberId } });
      return cookie;
    };
    const ended = async (how: { revokedAt?: Date; expiresAt?: Date }) => {
      const { secret } = await startStaffSession(api.db.prisma, memberId);
      await api.db.prisma.session.update({ where: { tokenHash: hashSecret(secret) }, data: how });
      return `assay_staff=${secret}`;
    };
    const secondAgo = new Date(Date.now() - 1_000);
    const candidate = async () => (await api.candidate(made.secret)).cookie;
    const make: Record<Caller, () => Promise<string>> = {
      nobody: async () => '',
      cand: candidate,
      asStaff: async () => (await candidate()).replace('assay_candidate', 'assay_staff'),
      forged: async () => `assay_staff=${'x'.repeat(43)}`,
      revoked: () => ended({ revokedAt: secondAgo }),
      expired: () => ended({ expiresAt: secondAgo }),
      site: () => member('owner', organisationId),
      owner: () => member('owner', organisationId),
      recr: () => member('recruiter', organisationId),
      hmOn: () => onTheRole('hiring_manager', organisationId),
      hmOff: () => member('hiring_manager', organisationId),
      intv: () => onTheRole('interviewer', organisationId),
      xOwner: () => member('owner'),
      xRecr: () => member('recruiter'),
      xHm: () => onTheRole('hiring_manager'),
      xIntv: () => onTheRole('interviewer'),
    };
    return make[caller]();
  }

  /** What is to stay hidden from a caller, and as it is. The ids of tasks are everybody's. */
  const idsNotOf = (caller: Caller, { made }: typeof shared): string[] => {
    const { roleId, candidacyId, attemptId, assessmentId, submissionId, gradingId, invitationId } = made;
    const { regradeId, regradingId, failedId, requestId } = made;
    const ofTheRole = [roleId, candidacyId, attemptId, submissionId, gradingId, invitationId].concat(
      regradeId,
      regradingId ?? [],
      failedId,
      requestId,
    );
    if (['site', 'owner', 'recr', 'hmOn'].includes(caller)) return [];
    // Assessments belong to the organisation, not to a role.
    return caller === 'hmOff' ? ofTheRole : [...ofTheRole, assessmentId];
  };

  it.each(CELLS)('$row for $who: $word', async ({ who: _, ...cell }) => {
    const caller = cell.caller as Caller;
    const about = usesUp(cell) ? await arrange() : shared;
    const isOnce = usesUp(cell) || logsOut(cell);
    const cookie = isOnce ? await cookieOf(caller, about) : cookies[caller];
    const headers = { cookie, ...(caller === 'site' ? { origin: 'https://evil.example' } : {}) };
    const { known, made } = about;
    const ofRow: Record<string, object> = { retryGrading: { gradingId: made.failedId }, ...BOARD_FILES };
    const call = {
      headers,
      known: { ...known, ...ofRow[cell.row] },
      notTheirs: idsNotOf(caller, about),
    };
    await assertAnswered(api, watch, cell, call);
  });

  it('is written down for every route that is served, and for no other', () => {
    const rows = new Set(CELLS.map(({ method, path }) => `${method} ${path}`));
    expect([...rows].sort()).toEqual(servedRoutes(api.app));
  });

  it('is refused for things of another organisation that a request names beside one’s own', async () => {
    const { http, viewer } = await api.member('recruiter');
    const own = await makeWholeCandidacy(api.db, viewer, taskIds);
    const before = await stateOf(api.db);
    const mixed = [
      { candidacyId: shared.made.candidacyId, assessmentId: own.assessmentId },
      { candidacyId: own.candidacyId, assessmentId: shared.known.assessmentId },
    ];
    for (const body of mixed) {
      const answer = await http.post(`/v1/roles/${own.roleId}/invitations`).send(body);
      problemOf(answer, 'resource.not_found');
    }
    expect(await stateOf(api.db)).toEqual(before);
  });

  it('to a list does not depend on where its page begins', async () => {
    const { http } = await api.member('owner');
    const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    for (const cursor of [last, shared.made.roleId, shared.known.assessmentId]) {
      for (const list of ['/v1/roles', '/v1/assessments', '/v1/regrades']) {
        expect((await http.get(`${list}?cursor=${cursor}`)).body).toEqual({ items: [], next: null });
      }
    }
  });

  it('to a stream of events gives that candidacy’s, whatever was last seen of another', async () => {
    const other = await makeWholeCandidacy(api.db, owner.viewer, taskIds);
    const follow = (candidacyId: string, lastEventId?: number) =>
      openEventStream(`${api.url}/v1/candidacies/${candidacyId}/events`, {
        cookie: owner.cookie,
        lastEventId,
      });
    const whole = await follow(shared.made.candidacyId);
    const [first, second] = await whole.take(2);
    whole.leave();
    expect(JSON.stringify(first)).toContain(shared.made.invitationId);
    const resumed = await follow(shared.made.candidacyId, 1);
    expect(await resumed.next()).toEqual(second);
    resumed.leave();
    const others = await follow(other.candidacyId);
    expect(JSON.stringify(await others.take(2))).not.toContain(shared.made.attemptId);
    others.leave();
  });

  it('follows a change of the member at once', async () => {
    const { http, viewer } = await api.member('recruiter', owner.viewer.organisationId);
    const role = `/v1/roles/${shared.made.roleId}`;
    expect((await http.get(role)).status).toBe(200);
    await api.db.prisma.member.update({ where: { id: viewer.memberId }, data: { access: 'interviewer' } });
    problemOf(await http.get(role), 'access.denied');
  });
});
