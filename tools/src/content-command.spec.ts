import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runContent } from './content-command.js';

const CONTENT = join(import.meta.dirname, '../../content');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-content-command-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(args: string[], contentFolder = CONTENT) {
  const out: string[] = [];
  const to = { write: (text: string) => out.push(text) };
  const exitCode = await runContent(args, { contentFolder, stdout: to, stderr: to });
  return { exitCode, out: out.join('') };
}

/** The product's own content, to be broken. */
async function copyOfContent() {
  const copy = join(folder, 'content');
  const parts = ['competencies', 'interviews', 'feedback', 'levels.yaml', 'screening.yaml', 'tasks'];
  const withoutCode = (path: string) => !/\/tasks\/[^/]+\/(?!task\.yaml)/.test(path);
  for (const part of parts) {
    await cp(join(CONTENT, part), join(copy, part), { recursive: true, filter: withoutCode });
  }
  return copy;
}

describe('npm run content', () => {
  it('verifies the content of the product', async () => {
    expect(await run(['verify'])).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/^verified: 9 competencies, \d+ questions, \d+ rules\n$/),
    });
  });

  it('names every broken reference with file and line, and ends with 1', async () => {
    const copy = await copyOfContent();
    await rm(join(copy, 'interviews/two-editors.yaml'));
    const { exitCode, out } = await run(['verify'], copy);
    expect(exitCode).toBe(1);
    expect(out).toMatch(
      /^content\/interviews\/picking\.yaml:\d+: questions\[\d+\] names "two-editors", but/m,
    );
    expect(out).toMatch(
      /^content\/interviews\/picking\.yaml:\d+: rules\[\d+\]\.question names "two-editors", but/m,
    );
  });

  it('prints the kit for an evidence file, the same each time', async () => {
    const file = join(folder, 'evidence.json');
    const lag = {
      task: 'auth',
      taskTitle: 'Logging in',
      check: 'stays-fast-during-logins',
      competency: 'perf',
      level: 'mid',
      kind: 'performance',
      verdict: 'failed',
      message: 'Other requests must be answered quickly.',
      expected: "at most 75 ms, from the reference's 25 ms",
      actual: '225 ms',
    };
    await writeFile(file, JSON.stringify({ role: { competencies: { perf: 2, sql: 1 } }, checks: [lag] }));
    const first = await run(['kit', file]);
    expect(first.exitCode).toBe(0);
    expect(first.out).toMatch(
      /^1\. latency-under-load — .* \(weakest\)\n {3}Ask: .*225 ms.* 9 times as long/,
    );
    expect(first.out.match(/^ {3}Why: /gm)).toHaveLength(5);
    expect(first.out).toContain('Evidence: auth/stays-fast-during-logins failed');
    expect(await run(['kit', file])).toEqual(first);
  });

  it('takes gradings as the command line prints them', async () => {
    const file = join(folder, 'evidence.json');
    const fields = { competency: 'rest', level: 'mid', weight: 1, kind: 'edge', ms: 5 };
    const checks = [
      { name: 'creates-and-reads-a-book', verdict: 'passed', ...fields },
      { name: 'refuses-a-stale-write', verdict: 'failed', message: 'It was 200.', ...fields },
    ];
    const grading = {
      task: 'crud-api',
      taskTitle: 'Books',
      version: 1,
      outcome: 'completed',
      score: 0.5,
      checks,
    };
    await writeFile(file, JSON.stringify({ role: { competencies: { rest: 1 } }, gradings: [grading] }));
    const { out } = await run(['kit', file]);
    expect(out).toContain('In “Books”, “refuses a stale write” failed: It was 200.');
    expect(out).toContain('(1 of 2 checks passed; estimated ');
  });

  it('says what is wrong with an evidence file', async () => {
    const file = join(folder, 'evidence.json');
    await writeFile(file, JSON.stringify({ role: { competencies: { rest: 1 } }, checks: [{ task: 'x' }] }));
    const { exitCode, out } = await run(['kit', file]);
    expect(exitCode).toBe(1);
    expect(out).toContain('checks[0].verdict');
    expect((await run(['kit', join(folder, 'nowhere.json')])).exitCode).toBe(1);
  });

  it.each([[[]], [['verify', 'x']], [['kit']], [['kit', 'a', 'b']], [['other']]])(
    'explains itself: %j',
    async (args) => {
      expect(await run(args)).toEqual({ exitCode: 2, out: expect.stringMatching(/^usage: /) });
    },
  );
});
