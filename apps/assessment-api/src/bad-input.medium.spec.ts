import { writeZip } from '@assay/archive';
import { assessmentApi, type EndpointDefinition } from '@assay/contracts/http';
import { publishContent } from '@assay/db';
import {
  assertNoRandomFault,
  findFaults,
  type KnownValues,
  makeMember,
  makeTask,
  makeWholeCandidacy,
  openTestApi,
  sampleContent,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

const ENDPOINTS = Object.entries<EndpointDefinition>(assessmentApi);

describe('bad input', () => {
  let api: TestApi;
  let known: KnownValues;
  let secret: string;

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    const tasks: [string, string] = [await makeTask(api.db), await makeTask(api.db)];
    const made = await makeWholeCandidacy(api.db, await makeMember(api.db), tasks);
    const archive = writeZip([{ path: 'server.js', content: 'uploaded' }]).toString('base64');
    const headers = [{ name: 'accept', value: '*/*' }];
    known = { ...made, path: 'server.js', baseRevision: 1, target: '/', headers, archive };
    await publishContent(api.db, sampleContent(), 'sample');
    secret = made.secret;
  });
  afterAll(() => api.close());

  const logIn = async () => (await api.candidate(secret)).cookie;

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
