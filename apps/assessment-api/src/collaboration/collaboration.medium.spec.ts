import { CollaborationMessage } from '@assay/contracts/events';
import { compactEndedWorkspaces, editHistory, getSubmissionOf } from '@assay/db';
import {
  type DocumentClient,
  type HttpCaller,
  makeMember,
  makeRunningAttempt,
  makeTask,
  openDocument,
  openTestApi,
  problemOf,
  type TestApi,
  waitFor,
} from '@assay/testing';
import { createFile, listFiles, renameFile, toFiles } from '@assay/workspace-document';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { createAssessmentApi } from '../assessment-api.js';

describe('a workspace that is edited together', () => {
  let api: TestApi;
  let recruiter: Awaited<ReturnType<typeof makeMember>>;
  let http: HttpCaller;
  let cookie: string;
  let attemptId: string;
  let taskId: string;
  const open: DocumentClient[] = [];

  beforeAll(async () => {
    api = await openTestApi(createAssessmentApi);
    recruiter = await makeMember(api.db);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    taskId = await makeTask(api.db);
    const attempt = await makeRunningAttempt(api.db, recruiter, [taskId, await makeTask(api.db)]);
    attemptId = attempt.attemptId;
    ({ http, cookie } = await api.candidate(attempt.secret));
  });
  afterEach(() => {
    for (const device of open.splice(0)) device.leave();
  });

  const device = (more: { doc?: Y.Doc; url?: string } = {}): DocumentClient => {
    const made = openDocument(more.url ?? api.url, { cookie, taskId, doc: more.doc });
    open.push(made);
    return made;
  };
  const synced = async (more: { doc?: Y.Doc; url?: string } = {}) => {
    const made = device(more);
    await made.synced();
    return made;
  };
  const textOf = ({ doc }: DocumentClient, path: string) => {
    const file = listFiles(doc).find((one) => one.path === path);
    if (!file) throw new Error(`no ${path}`);
    return file.text;
  };
  const idOf = ({ doc }: DocumentClient, path: string) =>
    String(listFiles(doc).find((one) => one.path === path)?.id);
  const rows = async (): Promise<Record<string, string>> => {
    const { body } = await http.get(`/v1/attempt/tasks/${taskId}`);
    return Object.fromEntries(
      body.files.map(({ path, content }: { path: string; content: string }) => [path, content]),
    );
  };
  const attemptTaskId = async () =>
    (await api.db.prisma.attemptTask.findFirstOrThrow({ where: { attemptId, position: 0 } })).id;

  it('begins with the task’s files, and saves what is typed, renamed, made and deleted', async () => {
    const one = await synced();
    expect(one.files()).toEqual({ 'server.js': '// start here' });
    await one.saved();
    textOf(one, 'server.js').insert(0, 'typed ');
    createFile(one.doc, 'src/new.js', 'new');
    await one.saved();
    expect(await rows()).toEqual({ 'server.js': 'typed // start here', 'src/new.js': 'new' });
    renameFile(one.doc, idOf(one, 'src/new.js'), 'src/old.js');
    await one.saved();
    expect(await rows()).toEqual({ 'server.js': 'typed // start here', 'src/old.js': 'new' });
    // A deletion alone changes no state vector: the server says `saved` again.
    const told = one.messages.length;
    textOf(one, 'server.js').delete(0, 6);
    await waitFor('saved again', () => one.messages.length > told);
    expect((await rows())['server.js']).toBe('// start here');
  });

  it('is one for two tabs, and for a device that was offline meanwhile', async () => {
    const [left, right] = [await synced(), await synced()];
    right.goOffline();
    textOf(left, 'server.js').insert(0, 'left ');
    renameFile(left.doc, idOf(left, 'server.js'), 'app.js');
    createFile(left.doc, 'both.js', 'left');
    await left.saved();
    textOf(right, 'server.js').insert(textOf(right, 'server.js').length, ' right');
    createFile(right.doc, 'both.js', 'right');
    right.goOnline();
    await right.saved();
    await left.saved();
    await waitFor('both to hold the same', () => 'both (2).js' in left.files() && 'app.js' in right.files());
    expect(left.files()).toEqual(right.files());
    expect(left.files()['app.js']).toBe('left // start here right');
    expect(new Set([left.files()['both.js'], left.files()['both (2).js']])).toEqual(
      new Set(['left', 'right']),
    );
    expect(await rows()).toEqual(left.files());
  });

  it('is written over REST too, and what was typed is there before it is run or submitted', async () => {
    const one = await synced();
    const save = (content: string, baseRevision: number) =>
      http.put(`/v1/attempt/tasks/${taskId}/file`).send({ path: 'server.js', content, baseRevision });
    expect((await save('over REST', 1)).body.revision).toBe(2);
    await waitFor('the other way', () => one.files()['server.js'] === 'over REST');
    textOf(one, 'server.js').insert(0, 'typed ');
    await one.saved();
    problemOf(await save('of an old tab', 2), 'file.changed_elsewhere');
    textOf(one, 'server.js').insert(0, 'and ');
    await waitFor('it to arrive', async () => (await synced()).files()['server.js']?.startsWith('and '));
    const submitted = await http.post(`/v1/attempt/tasks/${taskId}/submission`);
    expect(submitted.status).toBe(201);
    expect(await rows()).toEqual({ 'server.js': 'and typed over REST' });
  });

  it('is the same in two processes', async () => {
    const second = await openSecond();
    try {
      const here = await synced();
      const there = await synced({ url: second.url });
      textOf(here, 'server.js').insert(0, 'here ');
      await here.saved();
      await waitFor('news there', () => there.files()['server.js']?.startsWith('here '));
      for (const [index, client] of [here, there, here, there].entries()) {
        textOf(client, 'server.js').insert(0, `${index}`);
      }
      await Promise.all([here.saved(), there.saved()]);
      await waitFor('the same', () => here.files()['server.js'] === there.files()['server.js']);
      expect(await rows()).toEqual(here.files());
      expect(here.files()['server.js']).toMatch(/^[0-3]{4}here \/\/ start here$/);
      const save = { path: 'server.js', content: 'over REST', baseRevision: 1 };
      problemOf(await http.put(`/v1/attempt/tasks/${taskId}/file`).send(save), 'file.changed_elsewhere');
    } finally {
      for (const client of open.splice(0)) client.leave();
      await second.close();
    }
  });

  async function openSecond() {
    const { pino } = await import('pino');
    const app = await createAssessmentApi(api.config, pino({ level: 'silent' }));
    await app.listen(0, api.config.host);
    return { url: await app.getUrl(), close: () => app.close() };
  }

  it('says nothing is saved while Postgres is away, keeps it, and saves it then', async () => {
    const [one, two] = [await synced(), await synced()];
    await one.saved();
    const told = one.messages.length;
    const id = await attemptTaskId();
    await api.db.prisma.$executeRaw`ALTER TABLE workspace_update RENAME TO workspace_update_away`;
    textOf(one, 'server.js').insert(0, 'meanwhile ');
    await waitFor('the other device', () => two.files()['server.js']?.startsWith('meanwhile '));
    await waitFor('a try', () => api.logged().includes('edits wait to be stored'));
    expect(one.messages).toHaveLength(told);
    await api.db.prisma.$executeRaw`ALTER TABLE workspace_update_away RENAME TO workspace_update`;
    await one.saved();
    expect(await rows()).toEqual({ 'server.js': 'meanwhile // start here' });
    expect(await api.db.prisma.workspaceUpdate.count({ where: { attemptTaskId: id } })).toBe(2);
  });

  it('says what a limit keeps from being saved, and saves the rest and then that', async () => {
    const one = await synced();
    const text = textOf(one, 'server.js');
    text.insert(0, 'x'.repeat(10 * 1024 * 1024));
    createFile(one.doc, 'other.js', 'saved all the same');
    const refused = await one.told('refused');
    expect(refused).toMatchObject({ path: 'server.js', code: 'file.too_large' });
    await waitFor('the rest', async () => (await rows())['other.js']);
    expect(await rows()).toEqual({ 'server.js': '// start here', 'other.js': 'saved all the same' });
    text.delete(0, text.length - 5);
    await one.saved();
    await waitFor('all of it', async () => (await rows())['server.js'] === ' here');
    expect(one.messages.at(-1)).toMatchObject({ type: 'saved', unsaved: [] });
  });

  it('ends with a message larger than any project, and nothing else does', async () => {
    const [one, two] = [await synced(), await synced()];
    const frame = new Uint8Array(17 * 1024 * 1024);
    one.sendRaw(frame);
    textOf(one, 'server.js').insert(0, 'after ');
    await one.saved();
    expect(await rows()).toEqual({ 'server.js': 'after // start here' });
    await waitFor('the other', () => two.files()['server.js'] === 'after // start here');
  });

  it('closes the connection of whoever sends garbage, and no other', async () => {
    const bystander = await synced();
    for (let seed = 1; seed <= 60; seed++) {
      const socket = await openSocket({ cookie });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      for (const frame of garbage(seed, taskId)) socket.send(frame);
      socket.close();
      await closed;
    }
    textOf(bystander, 'server.js').insert(0, 'still here ');
    await bystander.saved();
    expect((await rows())['server.js']).toBe('still here // start here');
  });

  it('is of the candidate’s own session and origin only', async () => {
    const refusals = {
      'session.required': {},
      'session.expired': { cookie: 'assay_candidate=made-up' },
      'request.foreign_origin': { cookie, origin: 'https://evil.example' },
    };
    for (const [code, headers] of Object.entries(refusals)) {
      await expect(openSocket(headers)).rejects.toThrow(code);
    }
    await expect(openSocket({ cookie }, '/v1/attempt/elsewhere')).rejects.toThrow('route.not_found');
    const staff = await api.member('owner', recruiter.organisationId);
    const renamed = staff.cookie.replace('assay_staff', 'assay_candidate');
    await expect(openSocket({ cookie: renamed })).rejects.toThrow('session.expired');
  });

  it('is of a task of the attempt only', async () => {
    const other = await makeTask(api.db);
    for (const name of [other, 'no-such-task', attemptId, await attemptTaskId(), '__proto__', '']) {
      const stranger = openDocument(api.url, { cookie, taskId: name });
      open.push(stranger);
      if (name !== '__proto__') await waitFor(`no to "${name}"`, () => stranger.wasRefused());
      expect(stranger.files()).toEqual({});
    }
  });

  it('loses its sockets when the session ends', async () => {
    const one = await synced();
    const socket = await openSocket({ cookie });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await http.delete('/v1/session').expect(204);
    expect(await closed).toBe(4401);
    textOf(one, 'server.js').insert(0, 'unheard ');
    await expect(openSocket({ cookie })).rejects.toThrow('session.expired');
  });

  it('can only be read once it is submitted; what arrives then is kept apart', async () => {
    const [one, away] = [await synced(), await synced()];
    away.goOffline();
    textOf(one, 'server.js').insert(0, 'in time ');
    await one.saved();
    await http.post(`/v1/attempt/tasks/${taskId}/submission`).expect(201);
    expect(await one.told('closed')).toEqual({ type: 'closed', reason: 'submitted' });
    textOf(away, 'server.js').insert(0, 'too late ');
    away.goOnline();
    expect(await away.told('closed')).toEqual({ type: 'closed', reason: 'submitted' });
    const late = await waitFor('the late snapshot', () => api.db.prisma.lateSnapshot.findFirst());
    expect(late.attemptTaskId).toBe(await attemptTaskId());
    expect(await rows()).toEqual({ 'server.js': 'in time // start here' });
    const { id } = await api.db.prisma.submission.findFirstOrThrow({ where: { attemptId } });
    expect(await getSubmissionOf(api.db, recruiter, id)).toMatchObject({
      files: [{ content: 'in time // start here' }],
      late: { receivedAt: late.receivedAt.toISOString(), files: [{ path: 'server.js' }] },
    });
    expect((await synced()).files()).toEqual({ 'server.js': 'in time // start here' });
  });

  it('is kept as a history of steps, in less than it took', async () => {
    const one = await synced();
    const text = textOf(one, 'server.js');
    text.delete(0, text.length);
    for (const word of ['one ', 'two ', 'three']) {
      text.insert(text.length, word);
      await one.saved();
    }
    await http.post(`/v1/attempt/tasks/${taskId}/submission`).expect(201);
    const id = await attemptTaskId();
    const before = await editHistory(api.db, id);
    await waitFor('the history', async () => {
      await compactEndedWorkspaces(api.db);
      return (await api.db.prisma.workspaceUpdate.count({ where: { attemptTaskId: id } })) === 0;
    });
    const after = await editHistory(api.db, id);
    expect(after.map(({ atMs }) => atMs)).toEqual(before.map(({ atMs }) => atMs));
    const doc = new Y.Doc();
    const contents = after.map(({ update }) => {
      Y.applyUpdate(doc, update);
      return toFiles(doc)[0]?.content;
    });
    expect(contents[0]).toBe('// start here');
    expect(contents.at(-1)).toBe('one two three');
    expect((await synced()).files()).toEqual({ 'server.js': 'one two three' });
  });

  function openSocket(headers: Record<string, string>, path = '/v1/attempt/collaboration') {
    return new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}`, { headers });
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_, response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => reject(new Error(`${response.statusCode} ${body}`)));
      });
      socket.once('error', reject);
    });
  }
});

/** Bytes that are nearly the protocol: repeatable, different for each seed. */
function garbage(seed: number, taskId: string): Uint8Array[] {
  let state = seed;
  const next = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31);
  const bytes = (length: number) => Uint8Array.from({ length }, () => (next() >> 8) & 255);
  const name = Buffer.from(taskId);
  const named = (rest: Uint8Array | number[]) =>
    Buffer.concat([Buffer.from([name.length]), name, Buffer.from(rest)]);
  const auth = named([2, 0, 0]);
  const [text, odd] = [new Y.Doc(), new Y.Doc()];
  text.getText('files').insert(0, 'a text where a map is');
  odd.getMap('files').set('x', new Y.Doc());
  odd.getMap('files').set(
    'y',
    new Y.Map([
      ['path', 7],
      ['content', new Y.Array()],
    ] as [string, unknown][]),
  );
  const update = seed % 2 ? Y.encodeStateAsUpdate(text) : Y.encodeStateAsUpdate(odd);
  const torn = update.map((byte) => (next() % 9 === 0 ? next() & 255 : byte));
  const sync = (payload: Uint8Array) => named([0, 2, payload.length, ...payload]);
  return [
    auth,
    named(bytes(20)),
    sync(update),
    sync(torn),
    sync(bytes(60)),
    named([5, 3, 65, 66, 67]),
    bytes(40),
  ];
}

describe('what the server says', () => {
  it('is known to the contracts', () => {
    expect(CollaborationMessage.safeParse({ type: 'closed', reason: 'whatever' }).success).toBe(false);
  });
});
