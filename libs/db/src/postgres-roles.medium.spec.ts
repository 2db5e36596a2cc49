import { createTestDatabase, makeMember, makeSubmission, makeTask, type TestDatabase } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from './database.js';
import { claimGrading, completeGrading } from './gradings.js';
import { readBundle } from './published-tasks.js';

describe('the two Postgres roles', () => {
  let test: TestDatabase;
  let owner: Database;
  let api: Database;
  let worker: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    owner = new Database(test.ownerUrl);
    api = new Database(test.apiUrl);
    worker = new Database(test.workerUrl);
  });
  afterAll(async () => {
    for (const db of [owner, api, worker]) await db.close();
    await test.drop();
  });

  it('keep hidden checks from the APIs', async () => {
    const taskId = await makeTask(owner);
    const { contentHash } = await owner.prisma.taskVersion.findFirstOrThrow({ where: { taskId } });
    await expect(readBundle(api, contentHash)).rejects.toThrow(/permission denied/);
    await expect(api.prisma.$queryRaw`SELECT bytes FROM task_bundle`).rejects.toThrow(/permission denied/);
    expect(await readBundle(worker, contentHash)).toEqual(new Uint8Array([1, 2, 3]));
  });

  it.each([
    'member',
    'session',
    'candidate',
    'invitation',
    'setup_link',
    'login_throttle',
    'idempotent_request',
  ])('keep %s from the worker', async (table) => {
    await expect(worker.prisma.$queryRawUnsafe(`SELECT * FROM ${table}`)).rejects.toThrow(
      /permission denied/,
    );
  });

  it('let the API submit and the worker grade', async () => {
    const viewer = await makeMember(api);
    const submission = await makeSubmission(api, viewer, await makeTask(owner));
    const grading = await claimGrading(worker, submission.gradingId);
    expect(grading?.files).toEqual([{ path: 'server.js', content: '// start here' }]);
    const outcome = {
      ...{ checks: [], score: 1, seed: '1', output: '' },
      ...{ engine: 'test', guarantees: [], degraded: [] },
    };
    expect(await completeGrading(worker, grading as NonNullable<typeof grading>, outcome)).toBe(true);
  });
});
