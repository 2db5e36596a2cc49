import { afterAll, describe, expect, test } from '@jest/globals';
import { MANIFEST, TASK_FILES, temporaryFolders } from '../test/task-folder.js';
import { loadTask } from './load-task.js';
import { packBundle, unpackBundle } from './pack-bundle.js';
import { TaskInvalid } from './task-invalid.js';

const folders = temporaryFolders();
afterAll(() => folders.remove());

const PROMISE = 'Bad input is answered with a 4xx status.';
const BAD_JSON = '{ probe: bad-json, competency: rest, ping: /ping, request: POST /echo }';

/** MANIFEST with one more hidden check, in line 32. */
const withCheck = (check: string) => MANIFEST.replace('mutants:', `    - ${check}\nmutants:`);

const load = async (check: string, changes: Readonly<Record<string, string>> = {}) =>
  loadTask(
    await folders.write({
      ...TASK_FILES,
      'task.yaml': withCheck(check),
      'brief.md': `# An echo\n\nBad input is answered\nwith a 4xx status.\n`,
      ...changes,
    }),
  );

async function problemsOf(check: string, changes: Readonly<Record<string, string>> = {}): Promise<unknown[]> {
  try {
    await load(check, changes);
    return [];
  } catch (error) {
    if (error instanceof TaskInvalid) return [...error.problems];
    throw error;
  }
}

test('one line is a whole check', async () => {
  const { manifest } = await load(BAD_JSON);
  expect(manifest.checks.hidden[2]).toEqual({
    probe: 'bad-json',
    name: 'refuses-bad-json',
    competency: 'rest',
    level: 'junior',
    weight: 2,
    kind: 'security',
    timeoutMs: 120_000,
    impliedBy: PROMISE,
    ping: { method: 'GET', path: '/ping' },
    request: { method: 'POST', path: '/echo' },
  });
});

test('all that a check has may be said, and a request have all its parts', async () => {
  const said = `{ probe: bad-json, name: my-own, competency: rest, level: senior, weight: 3, kind: edge, timeoutMs: 9000,
      impliedBy: "Bad input is", env: { KEY: a }, ping: GET /ping,
      request: { method: PUT, path: "/a?b=1", headers: { x-a: b }, json: { deep: [1, null, "x"] } } }`;
  const { manifest } = await load(said);
  expect(manifest.checks.hidden[2]).toMatchObject({
    name: 'my-own',
    level: 'senior',
    weight: 3,
    env: { KEY: 'a' },
    request: { method: 'PUT', path: '/a?b=1', headers: { 'x-a': 'b' }, json: { deep: [1, null, 'x'] } },
  });
});

test('survives packing', async () => {
  const bundle = await load(BAD_JSON);
  expect(unpackBundle(packBundle(bundle))).toEqual(bundle);
});

test('mutants may name it', async () => {
  const yaml = withCheck(BAD_JSON).replace('fails: [echoes]', 'fails: [echoes, refuses-bad-json]');
  const { manifest } = await load('', { 'task.yaml': yaml });
  expect(manifest.mutants[0]?.fails).toEqual(['echoes', 'refuses-bad-json']);
});

describe('a mistake names file, line and field', () => {
  const at = (field: string) => `checks.hidden[2]${field}`;
  test.each<[what: string, check: string, field: string, message: string | RegExp]>([
    [
      'an unknown probe',
      BAD_JSON.replace('bad-json', 'worse'),
      at('.probe'),
      /^must be "lag" or "drain" or /,
    ],
    ['a missing request', BAD_JSON.replace(', request: POST /echo', ''), at('.request'), 'is missing'],
    ['an unknown field', BAD_JSON.replace('ping:', 'pong: 1, ping:'), at('.pong'), 'is not a known field'],
    [
      'a field of another probe',
      BAD_JSON.replace('ping:', 'heavy: /a, ping:'),
      at('.heavy'),
      'is not a known field',
    ],
    [
      'a path without a slash',
      BAD_JSON.replace('/ping', 'ping'),
      at('.ping.path'),
      'must begin with / and hold printable ASCII only',
    ],
    [
      'two bodies',
      BAD_JSON.replace('POST /echo', '{ path: /a, json: 1, body: a }'),
      at('.request'),
      'may have json or body, not both',
    ],
    [
      'an odd body',
      BAD_JSON.replace('POST /echo', '{ path: /a, json: .nan }'),
      at('.request.json'),
      'must be plain JSON',
    ],
    [
      'an echo without its place',
      BAD_JSON.replace('bad-json', 'header'),
      at('.request'),
      'must have {input} in its path, json or body',
    ],
    [
      'a competency that the task does not have',
      BAD_JSON.replace('competency: rest, ', ''),
      at('.competency'),
      "is sec, which the task's competencies do not list",
    ],
    [
      'a sentence that nobody has read',
      BAD_JSON.replace('ping:', 'impliedBy: "It sings.", ping:'),
      at('.impliedBy'),
      'is not a sentence of brief.md: It sings.',
    ],
  ])('%s', async (_what, check, field, message) => {
    expect(await problemsOf(check)).toContainEqual({
      file: 'task.yaml',
      line: 32,
      field,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('a task without a server', async () => {
    const yaml = withCheck(BAD_JSON)
      .replace('mode: http', 'mode: function')
      .replace(/^server: .*$/m, 'module: { file: server.js }');
    expect(await problemsOf('', { 'task.yaml': yaml })).toContainEqual({
      file: 'task.yaml',
      line: 32,
      field: 'checks.hidden[2].probe',
      message: 'is bad-json, which needs a task of mode http',
    });
  });
});
