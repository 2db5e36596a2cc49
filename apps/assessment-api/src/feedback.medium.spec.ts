import { publishContent, releaseFeedbackOf, type Viewer, withdrawFeedbackOf } from '@assay/db';
import {
  makeGradedSubmission,
  makeMember,
  makeTask,
  openTestApi,
  problemOf,
  sampleContent,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

let api: TestApi<Awaited<ReturnType<typeof createAssessmentApi>>>;
let recruiter: Viewer;

beforeAll(async () => {
  api = await openTestApi(createAssessmentApi);
  recruiter = await makeMember(api.db);
  await publishContent(api.db, sampleContent(), 'sample');
});
afterAll(() => api.close());

it('is read by the candidate from its release until it is taken back, without what the checks saw', async () => {
  const graded = await makeGradedSubmission(api.db, recruiter, await makeTask(api.db));
  const { http } = await api.candidate(graded.secret);
  const feedback = () => http.get('/v1/attempt/feedback');
  expect(problemOf(await feedback(), 'feedback.not_released').detail).toMatch(/You will find it here/);

  await releaseFeedbackOf(api.db, recruiter, graded.candidacyId);
  const { body } = await feedback();
  expect(body).toMatchObject({
    isComplete: true,
    competencies: [
      {
        competency: 'rest',
        name: 'The rest part',
        opening: 'A good part of it worked.',
        passed: [{ task: 'A task', title: 'Hidden one', brief: 'The brief asks for hidden-one.' }],
        notYet: [{ title: 'Hidden two', expected: '200', actual: '500' }],
        next: { tryNext: expect.any(String) },
      },
    ],
  });
  expect(JSON.stringify(body)).not.toContain('It must answer');

  await withdrawFeedbackOf(api.db, recruiter, graded.candidacyId);
  problemOf(await feedback(), 'feedback.not_released');
  const events = await api.db.prisma.event.findMany({
    where: { stream: `attempt:${graded.attemptId}` },
    orderBy: { sequence: 'asc' },
  });
  expect(events.slice(-2).map(({ payload }) => payload)).toEqual([
    { type: 'feedback.released' },
    { type: 'feedback.withdrawn' },
  ]);
});

it('names the competencies for a candidate’s pages', async () => {
  const graded = await makeGradedSubmission(api.db, recruiter, await makeTask(api.db));
  const { http } = await api.candidate(graded.secret);
  const { body } = await http.get('/v1/competencies');
  expect(body.items).toHaveLength(sampleContent().competencies.length);
  expect(body.items[0]).toEqual({
    id: 'async',
    name: 'The async part',
    summary: 'What async is about.',
  });
});
