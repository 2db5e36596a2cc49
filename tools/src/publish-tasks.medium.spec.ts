import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, listPublishedTasks } from '@assay/db';
import { contentHash, loadTask, NODE_VERSIONS, readReceipt, writeReceipt } from '@assay/tasks';
import { createTestDatabase, type TestDatabase } from '@assay/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CONTENT, publishTasks } from './publish-tasks.js';

let testDatabase: TestDatabase;
let db: Database;
let content: string;
const task = () => join(content, 'tasks/crud-api');

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = new Database(testDatabase.ownerUrl);
});

beforeEach(async () => {
  content = await mkdtemp(join(tmpdir(), 'assay-content-'));
  await cp(join(CONTENT, 'tasks/crud-api'), task(), { recursive: true });
});

afterEach(() => rm(content, { recursive: true }));

afterAll(async () => {
  await db.close();
  await testDatabase.drop();
});

const published = () =>
  db.transaction(async (tx) => (await listPublishedTasks(tx)).map(({ taskId }) => taskId));
const REFUSED =
  'crud-api is not published: no gate receipt for its content. Run: npm run task -- verify crud-api';

describe('a task is not published', () => {
  test('without a receipt', async () => {
    await rm(join(task(), 'receipt.json'));
    expect(await publishTasks(db, content)).toEqual([REFUSED]);
    expect(await published()).toEqual([]);
  });

  test('with the receipt of other content, wherever it differs', async () => {
    for (const file of [
      'brief.md',
      'checks/hidden.mjs',
      'reference/server.js',
      'mutants/put-creates/added.js',
    ]) {
      const path = join(task(), file);
      await (file.endsWith('added.js') ? writeFile(path, '') : appendFile(path, '\n'));
      expect(await publishTasks(db, content)).toEqual([REFUSED]);
    }
    expect(await published()).toEqual([]);
  });
});

test('a task that chooses its Node has it installed, and says which one it is', async () => {
  await appendFile(join(task(), 'task.yaml'), 'node: 22\n');
  const receipt = await readReceipt(task());
  if (!receipt) throw new Error('crud-api has no receipt');
  // Another version: what is published stays as it is.
  const yaml = await readFile(join(task(), 'task.yaml'), 'utf8');
  await writeFile(join(task(), 'task.yaml'), yaml.replace(/^version: \d+$/m, 'version: 9000'));
  const bundle = await loadTask(task());
  await writeReceipt(task(), { ...receipt, version: 9000, contentHash: contentHash(bundle) });
  const asked: number[] = [];
  const lines = await publishTasks(db, content, async (major) => {
    asked.push(major);
    throw new Error('offline');
  });
  expect(asked).toEqual([22]);
  expect(lines).toEqual([
    'published crud-api version 9000',
    'Node 22 is not here, gradings on it wait: Error: offline',
  ]);
  const { limits } = await db.prisma.taskVersion.findFirstOrThrow({ where: { version: 9000 } });
  expect(limits).toMatchObject({
    nodeVersion: process.version.startsWith('v22.') ? process.version : NODE_VERSIONS[22],
  });
});

test('with the receipt of its content it is published, once', async () => {
  expect(await publishTasks(db, content)).toEqual([
    expect.stringMatching(/^published crud-api version \d+$/),
  ]);
  expect(await publishTasks(db, content)).toEqual([]);
  expect(await published()).toEqual(['crud-api']);
});
