import { afterAll, expect, test } from '@jest/globals';
import { TASK_FILES, temporaryFolders } from '../test/task-folder.js';
import { applyMutant } from './bundle.js';
import { loadTask } from './load-task.js';

const folders = temporaryFolders();
afterAll(() => folders.remove());

test('a mutant lies over the reference: its files replace or join, the rest stays', async () => {
  const bundle = await loadTask(await folders.write({ ...TASK_FILES, 'mutants/silent/added.js': 'new\n' }));
  expect(applyMutant(bundle, 'silent')).toEqual([
    { path: 'added.js', content: 'new\n' },
    { path: 'lib/echo.js', content: 'silence\n' },
    { path: 'server.js', content: 'reference\n' },
  ]);
  expect(bundle.reference[0]?.content).toBe('echo\n');
});

test('an unknown mutant is a mistake of the caller', async () => {
  const bundle = await loadTask(await folders.write(TASK_FILES));
  expect(() => applyMutant(bundle, 'loud')).toThrow('the task echo has no mutant loud');
});
