import { type DocumentClient, openDocument, publishNotesTask, waitFor } from '@assay/testing';
import { createFile, listFiles } from '@assay/workspace-document';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginSitting } from './journey.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'notes';

const type = ({ doc }: DocumentClient, path: string, text: string) => {
  const file = listFiles(doc).find((one) => one.path === path);
  if (file) file.text.insert(file.text.length, text);
  else createFile(doc, path, text);
};

describe('edits survive', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(() => system?.stop());

  it('the assessment API being killed while somebody types, and another device being offline', async () => {
    const { candidate, logIn } = await beginSitting(system, [TASK_ID]);
    const cookie = await logIn();
    const open = () => openDocument(system.candidateUrl, { cookie, taskId: TASK_ID });
    const [one, two] = [open(), open()];
    await Promise.all([one.synced(), two.synced()]);
    two.goOffline();
    type(one, 'typed.js', 'saved;');
    await one.saved();

    await system.assessmentApi.kill();
    const [row] = await system.sql(`SELECT content FROM workspace_file WHERE path = 'typed.js'`);
    expect(row).toEqual({ content: 'saved;' });
    type(one, 'typed.js', ' typed while it was away;');
    type(two, 'offline.js', 'on another device;');
    await system.assessmentApi.start();
    two.goOnline();
    await Promise.all([one.saved(), two.saved()]);

    const task = await waitFor('both', async () => {
      const { files } = await candidate.getTask({ params: { taskId: TASK_ID } });
      return files.some(({ path }) => path === 'offline.js') ? files : null;
    });
    const contents = Object.fromEntries(task.map(({ path, content }) => [path, content]));
    expect(contents['typed.js']).toBe('saved; typed while it was away;');
    expect(contents['offline.js']).toBe('on another device;');
    for (const device of [one, two]) device.leave();
  });

  it('an orderly end with open sockets: what was typed a moment before is stored', async () => {
    const { candidate, logIn } = await beginSitting(system, [TASK_ID]);
    const one = openDocument(system.candidateUrl, { cookie: await logIn(), taskId: TASK_ID });
    const two = openDocument(system.candidateUrl, { cookie: await logIn(), taskId: TASK_ID });
    await Promise.all([one.synced(), two.synced()]);
    type(one, 'last.js', 'a moment before');
    await waitFor('it to arrive', () => 'last.js' in two.files());
    for (const device of [one, two]) device.leave();
    await system.assessmentApi.stop();
    const rows = await system.sql(`SELECT content FROM workspace_file WHERE path = 'last.js'`);
    expect(rows).toEqual([{ content: 'a moment before' }]);
    await system.assessmentApi.start();
    const { files } = await candidate.getTask({ params: { taskId: TASK_ID } });
    expect(files).toContainEqual({ path: 'last.js', content: 'a moment before', revision: 1 });
  });
});
