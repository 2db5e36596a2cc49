import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { MANIFEST, TASK_FILES, temporaryFolders } from '../test/task-folder.js';
import { loadTask } from './load-task.js';
import { TaskInvalid, type TaskProblem } from './task-invalid.js';

const folders = temporaryFolders();
afterAll(() => folders.remove());

async function problemsOf(folder: string): Promise<readonly TaskProblem[]> {
  try {
    await loadTask(folder);
    return [];
  } catch (error) {
    if (error instanceof TaskInvalid) return error.problems;
    throw error;
  }
}

const withFiles = (changes: Readonly<Record<string, string | Buffer | null>>) =>
  folders.write({ ...TASK_FILES, ...changes });

describe('a valid task', () => {
  test('loads with its defaults and sorted files', async () => {
    const bundle = await loadTask(await withFiles({}));
    expect(bundle.manifest.limits).toEqual({ memoryMb: 128, pids: 64, cpus: 1, outputKb: 1024, tmpMb: 16 });
    expect(bundle.manifest.checks.hidden.map(({ timeoutMs }) => timeoutMs)).toEqual([5000, 1000]);
    expect(bundle.reference.map(({ path }) => path)).toEqual(['lib/echo.js', 'server.js']);
    expect(bundle.mutants).toEqual([
      { name: 'silent', files: [{ path: 'lib/echo.js', content: 'silence\n' }] },
    ]);
  });

  test('may have a receipt, which is not part of the bundle', async () => {
    const plain = await loadTask(await withFiles({}));
    const verified = await loadTask(await withFiles({ 'receipt.json': '{}' }));
    expect(verified).toEqual(plain);
  });

  test('may have no mutants', async () => {
    const yaml = MANIFEST.slice(0, MANIFEST.indexOf('mutants:'));
    const bundle = await loadTask(await withFiles({ 'task.yaml': yaml, 'mutants/silent/lib/echo.js': null }));
    expect(bundle.mutants).toEqual([]);
  });
});

describe('a task of functions', () => {
  const yaml = MANIFEST.replace('mode: http', 'mode: function').replace(
    'server: { command: [node, server.js], startTimeoutMs: 2000 }',
    'module: { file: echo.js }',
  );
  const files = {
    'task.yaml': yaml,
    'starter/server.js': null,
    'starter/echo.js': 'starter\n',
    'reference/echo.js': 'reference\n',
  };

  test('names a module in place of a server', async () => {
    const { manifest } = await loadTask(await withFiles(files));
    expect(manifest).toMatchObject({ mode: 'function', module: { file: 'echo.js', startTimeoutMs: 5000 } });
  });

  test('needs that module', async () => {
    const problems = await problemsOf(await withFiles({ ...files, 'reference/echo.js': null }));
    expect(problems).toEqual([{ file: 'reference/echo.js', line: null, field: null, message: 'is missing' }]);
  });
});

/** What to replace in MANIFEST, and the place and words of the complaint. */
const broken: [why: string, from: string, to: string, line: number, field: string | null, message: string][] =
  [
    ['a missing field', 'title: An echo\n', '', 1, 'title', 'is missing'],
    ['a missing nested field', 'command: [node, server.js], ', '', 8, 'server.command', 'is missing'],
    ['an unknown field', 'minutes: 30', 'minutes: 30\nhours: 2', 7, 'hours', 'is not a known field'],
    ['an unknown limit', 'memoryMb: 128', 'memory: 128', 9, 'limits.memory', 'is not a known field'],
    ['text for a number', 'minutes: 30', 'minutes: half an hour', 6, 'minutes', 'must be a number'],
    ['a fraction for a whole number', 'version: 1', 'version: 1.5', 3, 'version', 'must be a whole number'],
    ['a number too large', 'memoryMb: 128', 'memoryMb: 9999', 9, 'limits.memoryMb', 'must be at most 1024'],
    ['a weight too large', 'weight: 3', 'weight: 4', 22, 'checks.hidden[0].weight', 'must be at most 3'],
    ['a weight too small', 'weight: 3', 'weight: 0', 22, 'checks.hidden[0].weight', 'must be at least 1'],
    ['an unknown mode', 'mode: http', 'mode: cli', 5, 'mode', 'must be "http" or "function"'],
    ['no mode', 'mode: http\n', '', 1, 'mode', 'is missing'],
    ['a server in a task without one', 'mode: http', 'mode: function', 8, 'server', 'is not a known field'],
    ['a task of functions without a module', 'mode: http', 'mode: function', 1, 'module', 'is missing'],
    [
      'an unknown starter of servers',
      'startTimeoutMs: 2000',
      'startedBy: hand',
      8,
      'server.startedBy',
      'must be "harness" or "check"',
    ],
    [
      'a check that takes too long',
      '1000',
      '180001',
      30,
      'checks.hidden[1].timeoutMs',
      'must be at most 180000',
    ],
    [
      'an unknown level',
      'level: mid',
      'level: guru',
      27,
      'checks.hidden[1].level',
      'must be "junior" or "mid" or "senior"',
    ],
    [
      'another program than node',
      '[node, server.js]',
      '[bash, run.sh]',
      8,
      'server.command[0]',
      'must be "node"',
    ],
    [
      'a start file outside',
      '[node, server.js]',
      '[node, ../x.js]',
      8,
      'server.command[1]',
      'must be a relative path of printable characters',
    ],
    [
      'a name that is not kebab-case',
      'name: refuses',
      'name: Refuses it',
      25,
      'checks.hidden[1].name',
      'must be kebab-case (a-z, 0-9 and single hyphens)',
    ],
    [
      'a repeated name',
      'name: refuses',
      'name: echoes',
      25,
      'checks.hidden[1].name',
      'repeats the name echoes',
    ],
    ['an empty sentence', '"It refuses."', '""', 31, 'checks.hidden[1].impliedBy', 'must not be empty'],
    [
      'a mutant that fails nothing',
      'fails: [echoes]',
      'fails: []',
      35,
      'mutants[0].fails',
      'must name at least one hidden check',
    ],
    [
      'a mutant that fails an unknown check',
      'fails: [echoes]',
      'fails: [echoes, sings]',
      35,
      'mutants[0].fails[1]',
      'names sings, which is not a hidden check',
    ],
    [
      'a mutant that fails a sample check',
      'fails: [echoes]',
      'fails: [answers]',
      35,
      'mutants[0].fails[0]',
      'names answers, which is not a hidden check',
    ],
    [
      'an undeclared competency',
      'competencies: [rest]',
      'competencies: [sql]',
      13,
      'checks.sample[0].competency',
      "is rest, which the task's competencies do not list",
    ],
    ['another id than the folder', 'id: echo', 'id: reverb', 1, 'id', "must be the folder's name, echo"],
    ['a repeated key', 'version: 1', 'version: 1\nversion: 2', 4, null, 'Map keys must be unique'],
    [
      'broken YAML',
      'competencies: [rest]',
      'competencies: [rest',
      8,
      null,
      'Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ];

describe('a broken task.yaml names file, line and field', () => {
  test.each(broken)('%s', async (_why, from, to, line, field, message) => {
    expect(MANIFEST).toContain(from);
    const problems = await problemsOf(await withFiles({ 'task.yaml': MANIFEST.replace(from, to) }));
    expect(problems).toContainEqual({ file: 'task.yaml', line, field, message });
  });

  test('an empty file and a list say what is expected', async () => {
    for (const yaml of ['', '- a\n']) {
      const problems = await problemsOf(await withFiles({ 'task.yaml': yaml }));
      expect(problems).toEqual([
        { file: 'task.yaml', line: 1, field: null, message: 'must be a group of fields' },
      ]);
    }
  });

  test('aliases cannot be used to blow up memory', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`,
    );
    const problems = await problemsOf(
      await withFiles({ 'task.yaml': `a0: &a0 [x, x]\n${levels.join('\n')}\n` }),
    );
    expect(problems[0]?.message).toMatch(/^cannot be read: Excessive alias count/);
  });

  test('all problems come at once, in one readable message', async () => {
    const yaml = MANIFEST.replace('minutes: 30', 'minutes: 0').replace('weight: 3', 'weight: 9');
    const folder = await withFiles({ 'task.yaml': yaml, 'brief.md': null });
    await expect(loadTask(folder)).rejects.toThrow(
      [
        'the task echo is not valid:',
        '  task.yaml:6: minutes must be at least 5',
        '  task.yaml:22: checks.hidden[0].weight must be at most 3',
        '  brief.md: is missing',
      ].join('\n'),
    );
  });
});

const SERVER = 'reference/server.js';
const files: [why: string, changes: Record<string, string | Buffer | null>, file: string, message: string][] =
  [
    ['no task.yaml', { 'task.yaml': null }, 'task.yaml', 'is missing'],
    ['no brief', { 'brief.md': null }, 'brief.md', 'is missing'],
    ['an empty brief', { 'brief.md': ' \n' }, 'brief.md', 'is empty'],
    ['no starter', { 'starter/server.js': null }, 'starter', 'is missing'],
    ['no start file', { [SERVER]: null }, SERVER, 'is missing'],
    ['no hidden checks', { 'checks/hidden.mjs': null }, 'checks/hidden.mjs', 'is missing'],
    [
      'an undeclared mutant',
      { 'mutants/loud/x.js': 'x' },
      'mutants/loud',
      'is not among the mutants of task.yaml',
    ],
    ['a file that belongs to nothing', { 'notes.txt': 'x' }, 'notes.txt', 'is not part of a task'],
    ['bytes that are not UTF-8', { [SERVER]: Buffer.from([0xff, 0xfe]) }, SERVER, 'is not UTF-8 text'],
    ['a NUL', { [SERVER]: 'a\0b' }, SERVER, 'contains a NUL character'],
    ['a file too large', { [SERVER]: 'x'.repeat(256 * 1024 + 1) }, SERVER, 'is larger than 256 KiB'],
    [
      'installed packages',
      { 'reference/node_modules/a.js': 'x' },
      'reference/node_modules',
      'does not belong in a task',
    ],
    [
      'a name that is not ASCII',
      { 'starter/é.js': 'x' },
      'starter/é.js',
      'has a name that no task can use (printable ASCII, at most 200 characters)',
    ],
  ];

describe('broken files', () => {
  test.each(files)('%s', async (_why, changes, file, message) => {
    const problems = await problemsOf(await withFiles(changes));
    expect(problems).toContainEqual({ file, line: null, field: null, message });
  });

  test('a declared mutant without files names its line', async () => {
    const problems = await problemsOf(await withFiles({ 'mutants/silent/lib/echo.js': null }));
    expect(problems).toContainEqual({
      file: 'task.yaml',
      line: 33,
      field: 'mutants[0].name',
      message: 'has no files in mutants/silent/',
    });
  });

  test('more files than a folder may hold', async () => {
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`starter/f${n}.js`, 'x']));
    const problems = await problemsOf(await withFiles(many));
    expect(problems).toContainEqual({
      file: 'starter',
      line: null,
      field: null,
      message: 'holds more than 200 files',
    });
  });

  test.each([
    ['a file', 'reference/link.js', '/etc/passwd'],
    ['a folder', 'reference/etc', '/etc'],
    ['nothing', 'checks/dangling.mjs', '/nowhere'],
  ])('a symbolic link to %s is refused, not followed', async (_to, path, target) => {
    const folder = await withFiles({});
    await symlink(target, join(folder, path));
    const message = 'is a symbolic link; only regular files are taken';
    expect(await problemsOf(folder)).toEqual([{ file: path, line: null, field: null, message }]);
  });

  test('linked folders and manifests are refused too', async () => {
    const folder = await withFiles({ 'task.yaml': null, 'starter/server.js': null });
    await symlink(join(await withFiles({}), 'task.yaml'), join(folder, 'task.yaml'));
    await symlink('/etc', join(folder, 'starter'));
    const problems = await problemsOf(folder);
    expect(problems).toContainEqual({
      file: 'task.yaml',
      line: null,
      field: null,
      message: 'is a symbolic link; only regular files are taken',
    });
    expect(problems).toContainEqual({ file: 'starter', line: null, field: null, message: 'is not a folder' });
  });

  test('a fifo is refused and does not hang the loader', async () => {
    const folder = await withFiles({});
    execFileSync('mkfifo', [join(folder, 'starter/pipe')]);
    expect(await problemsOf(folder)).toEqual([
      { file: 'starter/pipe', line: null, field: null, message: 'is not a regular file' },
    ]);
  });

  test('a folder that is not there', async () => {
    expect((await problemsOf('/nowhere/echo'))[0]?.message).toBe('/nowhere/echo is not a folder');
  });
});
