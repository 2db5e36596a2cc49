import { Database } from '@assay/db';
import {
  makeGradedSubmission,
  makeSubmission,
  makeTask,
  openTestApi,
  problemOf,
  type StaffMember,
  statusesOf,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

describe('submissions', () => {
  let api: TestApi;
  let recruiter: StaffMember;
  let taskId: string;

  beforeAll(async () => {
    api = await openTestApi(createRecruiterApi);
    recruiter = await api.member('recruiter');
    taskId = await makeTask(api.db);
  });
  afterAll(() => api.close());

  const read = async (submissionId: string) =>
    (await recruiter.http.get(`/v1/submissions/${submissionId}`)).body;

  it('show their files, their gradings and every check with its reason', async () => {
    const { submissionId, gradingId, candidacyId } = await makeGradedSubmission(
      api.db,
      recruiter.viewer,
      taskId,
    );
    expect(await read(submissionId)).toMatchObject({
      id: submissionId,
      candidacyId,
      taskId,
      taskVersion: 1,
      reason: 'candidate',
      files: [{ path: 'server.js', content: '// start here' }],
      gradings: [
        {
          id: gradingId,
          state: 'completed',
          outcome: 'completed',
          score: 0.5,
          isCurrent: true,
          checks: [
            { name: 'hidden-one', verdict: 'passed', message: null },
            { name: 'hidden-two', verdict: 'failed', message: 'It must answer 200.', actual: '500' },
          ],
        },
      ],
    });
  });

  it('give a level whose probabilities sum to 1, with what each check moved it by', async () => {
    const { candidacyId } = await makeGradedSubmission(api.db, recruiter.viewer, taskId);
    const { body } = await recruiter.http.get(`/v1/candidacies/${candidacyId}/level`);
    const probabilities: number[] = Object.values(body.overall.probabilities);
    expect(probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(body.evidence.map(({ check }: { check: string }) => check)).toEqual(['hidden-one', 'hidden-two']);
    expect(body.evidence[0].levelSteps).toBeGreaterThan(0);
    expect(body.evidence[1].levelSteps).toBeLessThan(0);
    const { body: candidacy } = await recruiter.http.get(`/v1/candidacies/${candidacyId}`);
    expect(candidacy.level).toEqual(body.overall);
    expect(candidacy.attempts[0].submissions).toEqual([
      expect.objectContaining({ gradingState: 'completed', checksPassed: 1, checksTotal: 2 }),
    ]);
  });

  it('are graded again once at a time, and the new grading counts only when it is adopted', async () => {
    const { submissionId, gradingId } = await makeGradedSubmission(api.db, recruiter.viewer, taskId);
    const regrade = () => recruiter.http.post(`/v1/submissions/${submissionId}/gradings`);
    const again = await regrade();
    expect(again.status).toBe(202);
    expect(again.body).toMatchObject({ state: 'queued', isCurrent: false, checks: [] });
    problemOf(await regrade(), 'grading.in_progress');
    const adopt = (id: string) => recruiter.http.post(`/v1/gradings/${id}/adoption`);
    problemOf(await adopt(again.body.id), 'grading.not_adoptable');

    await api.db.prisma.grading.update({
      where: { id: again.body.id },
      data: { state: 'completed', outcome: 'completed', score: 1 },
    });
    expect(
      (await read(submissionId)).gradings.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent),
    ).toEqual([true, false]);
    expect((await adopt(again.body.id)).body).toMatchObject({ id: again.body.id, isCurrent: true });
    expect((await adopt(gradingId)).body).toMatchObject({ id: gradingId, isCurrent: true });
  });

  it('are regraded once by two recruiters at the same time', async () => {
    const { submissionId } = await makeGradedSubmission(api.db, recruiter.viewer, taskId);
    const colleague = await api.member('recruiter', recruiter.viewer.organisationId);
    const answers = await Promise.all(
      [recruiter, colleague].map(({ http }) => http.post(`/v1/submissions/${submissionId}/gradings`)),
    );
    expect(statusesOf(answers)).toEqual([202, 409]);
  });

  it('that wait for their grading cannot be graded a second time', async () => {
    const { submissionId, candidacyId } = await makeSubmission(api.db, recruiter.viewer, taskId);
    problemOf(await recruiter.http.post(`/v1/submissions/${submissionId}/gradings`), 'grading.in_progress');
    problemOf(await recruiter.http.get(`/v1/candidacies/${candidacyId}/level`), 'resource.not_found');
  });
});

describe('the Postgres role of the APIs', () => {
  it('cannot read hidden checks', async () => {
    const api = await openTestApi(createRecruiterApi);
    const asApi = new Database(api.config.databaseUrl ?? '');
    try {
      const taskId = await makeTask(api.db, new TextEncoder().encode('a hidden check'));
      expect(await asApi.prisma.taskVersion.count({ where: { taskId } })).toBe(1);
      await expect(asApi.prisma.taskBundle.findMany()).rejects.toThrow(/permission denied/);
      await expect(asApi.prisma.$queryRaw`SELECT bytes FROM task_bundle`).rejects.toThrow(
        /permission denied/,
      );
    } finally {
      await asApi.close();
      await api.close();
    }
  });
});
