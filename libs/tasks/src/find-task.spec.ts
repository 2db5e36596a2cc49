import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { TASK_FILES, temporaryFolders } from '../test/task-folder.js';
import { findTask, listTaskIds } from './find-task.js';

const folders = temporaryFolders();
afterAll(() => folders.remove());

async function content(): Promise<string> {
  const inTasks = Object.entries(TASK_FILES).map(([path, text]) => [`tasks/echo/${path}`, text]);
  return folders.write({ ...Object.fromEntries(inTasks), 'tasks/draft/notes.txt': 'no task yet' }, 'content');
}

test('by id, by code in any case, by folder', async () => {
  const folder = await content();
  const echo = join(folder, 'tasks/echo');
  expect(await findTask(folder, 'echo')).toBe(echo);
  expect(await findTask(folder, 'T90')).toBe(echo);
  expect(await findTask(folder, 't90')).toBe(echo);
  expect(await findTask('/nowhere', echo)).toBe(echo);
  expect(await listTaskIds(folder)).toEqual(['echo']);
});

test('an unknown name lists the known ones', async () => {
  await expect(findTask(await content(), 'choir')).rejects.toThrow('no task is called choir: there are echo');
  await expect(findTask('/nowhere', 'choir')).rejects.toThrow('no task is called choir: there are none');
});
