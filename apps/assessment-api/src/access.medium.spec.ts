import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeZip } from '@assay/archive';
import { ASSESSMENT_API } from '@assay/contracts/http';
import { hashSecret } from '@assay/core/tenancy';
import {
  publishContent,
  releaseFeedbackOf,
  revokeInvitationOf,
  startCandidateSession,
  type Viewer,
} from '@assay/db';
import {
  accessCells,
  assertAnswered,
  logsOut,
  makeGradedSubmission,
  makeMember,
  makeTask,
  makeWholeCandidacy,
  openEventStream,
  openTestApi,
  StateWatch,
  sampleContent,
  servedRoutes,
  type TestApi,
  usesUp,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

/** The columns of the table. What is asked for is of one attempt, whose clock runs. */
const CALLERS = {
  nobody: 'nobody',
  member: 'an owner with their own cookie',
  asCand: 'an owner who renamed their cookie',
  forged: 'a made-up session',
  revoked: 'the candidate after leaving',
  expired: 'the candidate when the session is over',
  uninv: 'the candidate whose invitation was revoked',
  site: 'the candidate, from a page of another site',
  own: 'the candidate',
  same: 'another candidate with the same tasks',
  other: 'another candidate, of another organisation with other tasks',
};
type Caller = keyof typeof CALLERS;

/**
 * What each caller is answered on each route; libs/testing/src/access-matrix.ts says what the words stand for. Most
 * routes name no attempt, so that another candidate is served: with their own.
 */
const TABLE = `
                            nobody member asCand forged revoked expired uninv  site    own    same   other
getLiveness                 ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
getReadiness                ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /                       ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /a/:secret              ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /attempt                ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /attempt/practice       ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /attempt/ide            ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /attempt/done           ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /assets/:file           ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /pages/style.css        ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /docs                   ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /docs/init.js           ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /docs/openapi.json      ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /docs/swagger-ui.css    ok     ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
GET /docs/swagger-ui-bundle.js ok  ok     ok     ok     ok      ok      ok     ok      ok     ok     ok
readInvitation              ok     ok     ok     ok     ok      ok      ok     foreign ok     ok     ok
acceptInvitation            ok     ok     ok     ok     ok      ok      ok     foreign ok     ok     ok
leaveAttempt                login  login  ended  ended  ended   ended   ended  foreign ok     ok     ok
getAttempt                  login  login  ended  ended  ended   ended   ended  ok      ok     ok     ok
giveConsent                 login  login  ended  ended  ended   ended   ended  foreign ok     ok     ok
startAttempt                login  login  ended  ended  ended   ended   ended  foreign ok     ok     ok
streamAttempt               login  login  ended  ended  ended   ended   ended  ok      ok     ok     ok
getTask                     login  login  ended  ended  ended   ended   ended  ok      ok     ok     unseen
saveFile                    login  login  ended  ended  ended   ended   ended  foreign ok     ok     unseen
deleteFile                  login  login  ended  ended  ended   ended   ended  foreign ok     ok     unseen
getFiles                    login  login  ended  ended  ended   ended   ended  ok      ok     ok     unseen
replaceFiles                login  login  ended  ended  ended   ended   ended  foreign ok     ok     unseen
startRun                    login  login  ended  ended  ended   ended   ended  foreign ok     ok     unseen
getRun                      login  login  ended  ended  ended   ended   ended  ok      ok     unseen unseen
stopRun                     login  login  ended  ended  ended   ended   ended  foreign ok     unseen unseen
sendRequest                 login  login  ended  ended  ended   ended   ended  foreign ok     unseen unseen
checkRun                    login  login  ended  ended  ended   ended   ended  foreign ok     unseen unseen
streamRun                   login  login  ended  ended  ended   ended   ended  ok      ok     unseen unseen
submitTask                  login  login  ended  ended  ended   ended   ended  foreign ok     ok     unseen
sendHeartbeat               login  login  ended  ended  ended   ended   ended  foreign ok     ok     ok
beginBreak                  login  login  ended  ended  ended   ended   ended  foreign nobreak nobreak nobreak
endBreak                    login  login  ended  ended  ended   ended   ended  foreign ok     ok     ok
requestExtraTime            login  login  ended  ended  ended   ended   ended  foreign ok     ok     ok
reportProblem               login  login  ended  ended  ended   ended   ended  foreign ok     ok     unseen
resetPractice               login  login  ended  ended  ended   ended   ended  foreign over   over   over
appealResult                login  login  ended  ended  ended   ended   ended  foreign early  early  early
getRecord                   login  login  ended  ended  ended   ended   ended  ok      ok     ok     ok
withdrawAttempt             login  login  ended  ended  ended   ended   ended  foreign ok     ok     ok
undoWithdrawal              login  login  ended  ended  ended   ended   ended  foreign ok     ok     ok
getFeedback                 login  login  ended  ended  ended   ended   ended  ok      ok     notyet notyet
listCompetencies            login  login  ended  ended  ended   ended   ended  ok      ok     ok     ok
`;

/** The name of a file of the web app, as its page names it. */
const oneAsset = async () => {
  const page = await readFile(join(import.meta.dirname, '../../web/dist/candidate/candidate.html'), 'utf8');
  return /assets\/([^"]+\.js)/.exec(page)?.[1] ?? '';
};

const ARCHIVE = writeZip([{ path: 'server.js', content: 'uploaded' }]).toString('base64');

const CELLS = accessCells(ASSESSMENT_API, TABLE).map((cell) => ({
  ...cell,
  who: CALLERS[cell.caller as Caller],
}));

type AssessmentTestApi = TestApi<Awaited<ReturnType<typeof createAssessmentApi>>>;

describe('access', () => {
  let api: AssessmentTestApi;
  let watch: StateWatch;
  let recruiter: Viewer;
  let taskIds: [string, string];
  let shared: Awaited<ReturnType<typeof arrange>>;
  let cookies: Record<Caller, string>;

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    watch = new StateWatch(api.db);
    recruiter = await makeMember(api.db);
    taskIds = [await makeTask(api.db), await makeTask(api.db)];
    await publishContent(api.db, sampleContent(), 'sample');
    shared = await arrange();
    await releaseFeedbackOf(api.db, recruiter, shared.made.candidacyId);
    const all = Object.keys(CALLERS) as Caller[];
    const made = await Promise.all(all.map(async (caller) => [caller, await cookieOf(caller, shared)]));
    cookies = Object.fromEntries(made) as typeof cookies;
  });
  afterAll(() => api.close());

  /** An attempt, and requests that are about it. The secret is that of another invitation to it. */
  async function arrange() {
    const made = await makeWholeCandidacy(api.db, recruiter, taskIds);
    return {
      made,
      known: {
        ...made,
        path: 'server.js',
        content: 'changed',
        baseRevision: 1,
        target: '/',
        archive: ARCHIVE,
        text: 'It is dark here.',
        file: await oneAsset(),
      },
    };
  }

  async function cookieOf(caller: Caller, { made }: typeof shared): Promise<string> {
    const candidate = async (secret: string) => (await api.candidate(secret)).cookie;
    const ended = async (how: { revokedAt?: Date; expiresAt?: Date }) => {
      const { secret } = await startCandidateSession(api.db, made.secret);
      await api.db.prisma.session.update({ where: { tokenHash: hashSecret(secret) }, data: how });
      return `assay_candidate=${secret}`;
    };
    const secondAgo = new Date(Date.now() - 1_000);
    const member = async () => (await api.member('owner', recruiter.organisationId)).cookie;
    const make: Record<Caller, () => Promise<string>> = {
      nobody: async () => '',
      member,
      asCand: async () => (await member()).replace('assay_staff', 'assay_candidate'),
      forged: async () => `assay_candidate=${'x'.repeat(43)}`,
      revoked: () => ended({ revokedAt: secondAgo }),
      expired: () => ended({ expiresAt: secondAgo }),
      uninv: async () => {
        const uninvited = await makeWholeCandidacy(api.db, recruiter, taskIds);
        const cookie = await candidate(uninvited.secret);
        await revokeInvitationOf(api.db, recruiter, uninvited.invitationId);
        return cookie;
      },
      site: () => candidate(made.secret),
      own: () => candidate(made.secret),
      same: async () => candidate((await makeWholeCandidacy(api.db, recruiter, taskIds)).secret),
      other: async () => {
        const others: [string, string] = [await makeTask(api.db), await makeTask(api.db)];
        return candidate((await makeWholeCandidacy(api.db, await makeMember(api.db), others)).secret);
      },
    };
    return make[caller]();
  }

  /** What is to stay hidden from a caller, and as it is. Whoever has the invitation's link is its candidate. */
  const idsNotOf = (caller: Caller, row: string, { made }: typeof shared): string[] => {
    const isTheirs = ['site', 'own'].includes(caller) || row === 'acceptInvitation';
    return isTheirs ? [] : [made.attemptId, made.runId, made.submissionId, ...made.attemptTaskIds];
  };

  it.each(CELLS)('$row for $who: $word', async ({ who: _, ...cell }) => {
    const caller = cell.caller as Caller;
    const about = usesUp(cell) ? await arrange() : shared;
    const isOnce = usesUp(cell) || logsOut(cell);
    const cookie = isOnce ? await cookieOf(caller, about) : cookies[caller];
    const headers = { cookie, ...(caller === 'site' ? { origin: 'https://evil.example' } : {}) };
    const call = { headers, known: about.known, notTheirs: idsNotOf(caller, cell.row, about) };
    await assertAnswered(api, watch, cell, call);
  });

  it('is written down for every route that is served, and for no other', () => {
    const rows = new Set(CELLS.map(({ method, path }) => `${method} ${path}`));
    expect([...rows].sort()).toEqual(servedRoutes(api.app));
  });

  it('to a stream of events is to one’s own, whatever was last seen of another', async () => {
    const { made } = shared;
    const follow = (cookie: string, lastEventId?: number) =>
      openEventStream(`${api.url}/v1/attempt/events`, { cookie, lastEventId });
    const [mine, theirs] = [await follow(cookies.own, 1), await follow(cookies.same, 1)];
    expect(await mine.next()).toMatchObject({ sequence: 2, event: { submissionId: made.submissionId } });
    expect(JSON.stringify(await theirs.take(2))).not.toContain(made.submissionId);
    for (const stream of [mine, theirs]) stream.leave();
  });

  it('to a grading is to how far it is, never to what the hidden checks found', async () => {
    const [taskId] = taskIds;
    const graded = await makeGradedSubmission(api.db, recruiter, taskId);
    const { http, cookie } = await api.candidate(graded.secret);
    const stream = await openEventStream(`${api.url}/v1/attempt/events`, { cookie });
    const events = await stream.take(5);
    stream.leave();
    expect(events.map(({ event }) => event.type)).toEqual([
      'attempt.started',
      'submission.received',
      'attempt.closed',
      'grading.started',
      'grading.completed',
    ]);
    expect(events.at(-1)?.event).toEqual({ type: 'grading.completed', submissionId: graded.submissionId });
    const attempt = await http.get('/v1/attempt');
    expect(attempt.body.tasks[0].submission).toMatchObject({ state: 'graded' });
    const task = await http.get(`/v1/attempt/tasks/${taskId}`);
    const told = JSON.stringify([events, attempt.body, task.body]);
    expect(told).not.toMatch(/hidden-|score|level_|below_junior|printed by|probabilit|candidacy/i);
  });
});
