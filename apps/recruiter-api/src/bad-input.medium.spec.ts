import { type EndpointDefinition, recruiterApi } from '@assay/contracts/http';
import { insertAssessment, insertProblemReport, publishContent } from '@assay/db';
import {
  assertNoRandomFault,
  findFaults,
  type KnownValues,
  makeRegrade,
  makeTask,
  makeWholeCandidacy,
  openTestApi,
  type StaffMember,
  sampleContent,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

const ENDPOINTS = Object.entries<EndpointDefinition>(recruiterApi);

describe('bad input', () => {
  let api: TestApi;
  let owner: StaffMember;
  let known: KnownValues;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    owner = await api.member('owner');
    const taskIds: [string, string] = [await makeTask(api.db), await makeTask(api.db)];
    const whole = await makeWholeCandidacy(api.db, owner.viewer, taskIds);
    const [taskId] = taskIds;
    const { regradeId, regradingIds: gradingIds } = await makeRegrade(api.db, owner.viewer, {
      ...whole,
      taskId,
    });
    const made = { ...whole, taskId, regradeId, gradingIds, submissionIds: [whole.submissionId] };
    const { id } = await insertAssessment(api.db, owner.viewer, { name: 'Next', minutes: 60, taskIds });
    const account = { email: 'kim@mail.example', password: 'a long enough password' };
    const role = { description: 'Builds.', competencies: { rest: 1 } };
    await publishContent(api.db, sampleContent(), 'sample');
    const items = [{ questionId: 'sec-first', opening: 'Tell me about it.' }];
    const kit = { version: 1, baseRevision: 0, items, why: 'It matters to us.' };
    const { id: requestId } = await insertProblemReport(api.db, whole.attemptId, taskId, 'It is dark here.');
    const ids = { assessmentId: id, taskIds, requestId };
    known = { ...made, ...account, ...role, ...kit, ...ids, expiresInDays: 7, limit: 5 };
  });
  afterAll(() => api.close());

  const logIn = async () => (await api.member('owner', owner.viewer.organisationId)).cookie;

  it.each(ENDPOINTS)('to %s does no harm, and is told where it is wrong', async (_, endpoint) => {
    expect(await findFaults({ api, endpoint, known, logIn })).toEqual([]);
  });

  it.each(ENDPOINTS)('to %s at random does no harm either', async (_, endpoint) => {
    await assertNoRandomFault({ api, endpoint, known, logIn });
  });

  it('has broken nothing', async () => {
    expect((await api.anonymous().get('/health/ready')).status).toBe(200);
    expect(api.logged()).not.toContain('unexpected error');
  });
});
