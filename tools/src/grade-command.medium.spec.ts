import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeZip } from '@assay/archive';
import { EngineUnavailable } from '@assay/sandbox';
import { readReceipt } from '@assay/tasks';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ANSWERS, echoTask, GOOD_SERVER } from '../../libs/grading/test/echo-task.js';
import { createPlainNodeEngine } from '../../libs/grading/test/plain-node-engine.js';
import { runGrade } from './grade-command.js';
import type { GradingEnvironment } from './grading-environment.js';
import { runTask } from './task-command.js';

const FAILS = {
  code: `assert.equal((await http.get('/b')).text, 'no', 'GET /b must answer no.');`,
  weight: 2,
};
const WRONG = GOOD_SERVER.replace(`'ok'`, 'request.url');

let root: string;
let solution: string;
const engine = createPlainNodeEngine();

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

/** The echo task as a folder; JSON is YAML. */
async function writeTask(id: string, hidden: Parameters<typeof echoTask>[0]['hidden']): Promise<void> {
  const { manifest, brief, checks, starter, reference } = echoTask({ hidden, starter: WRONG });
  const folder = `content/tasks/${id}`;
  await write(`${folder}/task.yaml`, JSON.stringify({ ...manifest, id }));
  await write(`${folder}/brief.md`, brief);
  for (const { path, content } of checks) await write(`${folder}/checks/${path}`, content);
  for (const { path, content } of starter) await write(`${folder}/starter/${path}`, content);
  for (const { path, content } of reference) await write(`${folder}/reference/${path}`, content);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-command-'));
  solution = join(root, 'solution');
  await writeTask('echo', { answers: ANSWERS, refuses: FAILS });
  await writeTask('sound', { answers: ANSWERS });
  await write('solution/package.json', '{"type":"module"}');
  await write('solution/server.js', GOOD_SERVER);
});

afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

/** A command's environment that remembers what was written. */
function listening(change: Partial<GradingEnvironment> = {}) {
  const said = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof said) =>
    // the commands only write and ask whether it is a terminal
    ({
      isTTY: false,
      write: (text: string) => Boolean((said[name] += text)),
    }) as unknown as NodeJS.WriteStream;
  const environment: GradingEnvironment = {
    contentFolder: join(root, 'content'),
    installNode: async () => undefined,
    openEngine: () => engine,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    colour: false,
    signal: new AbortController().signal,
    ...change,
  };
  return { environment, said };
}

const unavailable = {
  ...engine,
  selfTest: () => Promise.reject(new EngineUnavailable(['no cgroup: mount one'])),
};

describe('grade', () => {
  test('prints aligned verdicts, score and engine; progress goes to stderr', async () => {
    const { environment, said } = listening();
    expect(await runGrade(['echo', solution], environment)).toBe(0);
    expect(said.stdout.replace(/ +\d+ ms/g, ' N ms')).toBe(
      [
        'An echo (echo, version 1)',
        '',
        ' passed  answers  rest  junior  weight 1 N ms',
        ' failed  refuses  rest  junior  weight 2 N ms',
        '         GET /b must answer no.',
        '         expected  no',
        '         actual    ok',
        '',
        'Score 0.3333  (1 of 2 checks passed, weight 1 of 3)',
        'Graded by plain node, limits by none',
        '',
      ].join('\n'),
    );
    expect(said.stderr).toBe('[1/2] answers: passed\n[2/2] refuses: failed\n');
  });

  test('takes an archive in the place of a folder, and says what is wrong with it', async () => {
    const project = (name: string) => [
      { path: `${name}/package.json`, content: '{"type":"module"}' },
      { path: `${name}/server.js`, content: GOOD_SERVER },
    ];
    await writeFile(join(root, 'good.zip'), writeZip(project('solution')));
    await writeFile(join(root, 'evil.ZIP'), writeZip(project('..')));
    const good = listening();
    expect(await runGrade(['sound', join(root, 'good.zip')], good.environment)).toBe(0);
    expect(good.said.stdout).toContain('Score 1 ');
    const evil = listening();
    expect(await runGrade(['sound', join(root, 'evil.ZIP')], evil.environment)).toBe(2);
    expect(evil.said.stderr).toContain(
      'could not grade: the archive cannot be taken:\n  "../package.json" is no path',
    );
  });

  test('--json prints exactly the promised fields', async () => {
    const { environment, said } = listening();
    expect(await runGrade(['--json', 'echo', solution], environment)).toBe(0);
    const tags = { competency: 'rest', level: 'junior', kind: 'functional', ms: expect.any(Number) };
    expect(JSON.parse(said.stdout)).toEqual({
      task: 'echo',
      version: 1,
      engine: 'plain node',
      outcome: 'completed',
      score: 0.3333,
      checks: [
        { ...tags, name: 'answers', weight: 1, verdict: 'passed' },
        { ...tags, name: 'refuses', weight: 2, verdict: 'failed' },
      ],
    });
  });

  test('what cannot be graded is told on stderr, and as JSON where the task is known', async () => {
    const failure = {
      task: 'echo',
      version: 1,
      engine: 'unavailable',
      outcome: 'platform_failure',
      score: null,
      checks: [],
    };
    const engineless = listening({ openEngine: () => unavailable });
    expect(await runGrade(['echo', solution, '--json'], engineless.environment)).toBe(2);
    expect(engineless.said.stderr).toBe(
      'could not grade: the sandbox cannot be trusted on this machine: no cgroup: mount one\n',
    );
    expect(JSON.parse(engineless.said.stdout)).toEqual(failure);

    const nowhere = listening();
    expect(await runGrade(['echo', '/nowhere', '--json'], nowhere.environment)).toBe(2);
    expect(nowhere.said.stderr).toMatch(/^could not grade: \/nowhere cannot be taken as a solution/);
    expect(JSON.parse(nowhere.said.stdout)).toEqual(failure);
  });

  test('an unknown task lists the known ones', async () => {
    const { environment, said } = listening();
    expect(await runGrade(['choir', solution, '--json'], environment)).toBe(2);
    expect(said).toEqual({
      stdout: '',
      stderr: 'could not grade: no task is called choir: there are echo, sound\n',
    });
  });

  test('Ctrl-C ends as not graded', async () => {
    const { environment, said } = listening({ signal: AbortSignal.abort() });
    expect(await runGrade(['echo', solution], environment)).toBe(2);
    expect(said.stderr).toBe('could not grade: the grading was stopped before it ended\n');
    expect(engine.openPods).toBe(0);
  });

  test.each([[[]], [['echo']], [['echo', 'a', 'b']], [['echo', 'a', '--yaml']]])(
    'wrong usage: %j',
    async (args) => {
      const { environment, said } = listening();
      expect(await runGrade(args, environment)).toBe(2);
      expect(said).toEqual({
        stdout: '',
        stderr:
          'usage: npm run grade -- <task id or folder> <solution folder, .zip or .tgz> [--engine bwrap|crun|runc|runsc] [--json]\n',
      });
    },
  );
});

describe('task verify', () => {
  test('writes a receipt for a sound task', async () => {
    const { environment, said } = listening();
    expect(await runTask(['verify', 'sound', '--runs', '2'], environment)).toBe(0);
    expect(said.stdout).toBe(
      [
        'sound: verified on plain node',
        '  reference  2 runs, lowest score 1',
        '  starter    score 0, starts',
        '',
      ].join('\n'),
    );
    const receipt = await readReceipt(join(root, 'content/tasks/sound'));
    expect(receipt).toMatchObject({ task: 'sound', version: 1, runs: 2, engine: 'plain node' });
  });

  test('refuses with every problem, and writes none', async () => {
    const { environment, said } = listening();
    expect(await runTask(['verify', 'echo', 'choir', '--runs', '1'], environment)).toBe(1);
    expect(said.stdout).toContain(
      '  problem    reference, run 1: refuses must pass but failed: GET /b must answer no.',
    );
    expect(said.stderr).toContain('no task is called choir');
    expect(await readReceipt(join(root, 'content/tasks/echo'))).toBeNull();
  });

  test.each([
    [[]],
    [['verify']],
    [['publish', 'echo']],
    [['verify', 'echo', '--runs', '0']],
    [['verify', 'echo', '--runs', 'x']],
  ])('wrong usage: %j', async (args) => {
    const { environment, said } = listening();
    expect(await runTask(args, environment)).toBe(2);
    expect(said.stderr).toMatch(/^usage: /);
  });
});
