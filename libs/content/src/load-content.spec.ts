import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { COMPETENCIES } from '@assay/contracts';
import { sampleContent } from '@assay/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { ContentInvalid, loadContent, renderContentProblem, writtenContentHash } from './index.js';

const REAL = join(import.meta.dirname, '../../../content');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-content-'));
  const { competencies, levels, questions, picking, feedback, screening } = sampleContent();
  await Promise.all([
    ...competencies.map((text) => write(`competencies/${text.id}.yaml`, text)),
    write('levels.yaml', levels),
    ...questions.map((text) => write(`interviews/${text.id}.yaml`, text)),
    write('interviews/picking.yaml', picking),
    ...feedback.map((text) => write(`feedback/${text.competency}.yaml`, text)),
    write('screening.yaml', screening),
  ]);
  const manifest = await readFile(join(REAL, 'tasks/crud-api/task.yaml'));
  await mkdir(join(folder, 'tasks/crud-api'), { recursive: true });
  await writeFile(join(folder, 'tasks/crud-api/task.yaml'), manifest);
});
afterEach(() => rm(folder, { recursive: true }));

async function write(file: string, value: unknown) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), typeof value === 'string' ? value : stringify(value));
}

async function edit(file: string, from: string | RegExp, to: string) {
  const text = await readFile(join(folder, file), 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  await writeFile(join(folder, file), changed);
}

/** Every problem as a line. */
async function problems(): Promise<string[]> {
  try {
    await loadContent(folder);
    return [];
  } catch (error) {
    if (error instanceof ContentInvalid) return error.problems.map(renderContentProblem);
    throw error;
  }
}

/** The 1-based line of a text in a file. */
async function lineOf(file: string, text: string): Promise<number> {
  const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
  const index = lines.findIndex((line) => line.includes(text));
  expect(index).toBeGreaterThanOrEqual(0);
  return index + 1;
}

describe('the content of the product', () => {
  it('is valid', async () => {
    await loadContent(REAL);
  });
});

describe('written content', () => {
  it('is read as one document, in the orders that it states', async () => {
    const content = await loadContent(folder);
    expect(content).toEqual(sampleContent());
    expect(content.competencies.map(({ id }) => id)).toEqual([...COMPETENCIES]);
  });

  it('has a hash that depends on what it says, not on how it is laid out', async () => {
    const before = writtenContentHash(await loadContent(folder));
    await edit('levels.yaml', /^/, '# A comment.\n\n');
    const file = join(folder, 'competencies/sql.yaml');
    const [id = '', ...rest] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await writeFile(file, `${[...rest, id].join('\n')}\n`);
    expect(writtenContentHash(await loadContent(folder))).toBe(before);
    await edit('competencies/sql.yaml', 'Guesses.', 'Guesses loudly.');
    expect(writtenContentHash(await loadContent(folder))).not.toBe(before);
  });

  it('names every place that refers to a question that was removed', async () => {
    await rm(join(folder, 'interviews/rest-second.yaml'));
    const broken =
      'names "rest-second", but no question has that id: there is no interviews/rest-second.yaml';
    const listed = await lineOf('interviews/picking.yaml', '- rest-second');
    const asked = await lineOf('interviews/picking.yaml', 'question: rest-second');
    expect(await problems()).toEqual([
      `interviews/picking.yaml:${listed}: questions[${COMPETENCIES.length + 2}] ${broken}`,
      `interviews/picking.yaml:${asked}: rules[0].question ${broken}`,
    ]);
  });

  it('names every place that refers to a competency that was renamed, tasks too', async () => {
    await rename(join(folder, 'competencies/sec.yaml'), join(folder, 'competencies/security.yaml'));
    await edit('competencies/security.yaml', 'id: sec', 'id: security');
    const found = await problems();
    const broken = 'names "sec", but no competency has that id: there is no competencies/sec.yaml';
    expect(found).toContain('competencies/sec.yaml: is missing');
    expect(found).toContainEqual(
      expect.stringMatching(/^competencies\/security\.yaml:1: id must be "async" or/),
    );
    for (const file of ['interviews/sec-first.yaml', 'interviews/sec-second.yaml']) {
      expect(found).toContain(`${file}:2: competency ${broken}`);
    }
    expect(found).toContain(`feedback/sec.yaml:1: competency ${broken}`);
    const inTask = found.filter(
      (line) => line.startsWith('tasks/crud-api/task.yaml:') && line.endsWith(broken),
    );
    const manifest = await readFile(join(folder, 'tasks/crud-api/task.yaml'), 'utf8');
    expect(inTask).toHaveLength(manifest.match(/competency: sec\b|\[[^\]]*\bsec\b[^\]]*\]/g)?.length ?? 0);
  });

  it.each([
    [
      'a task that is not there',
      'feedback/sql.yaml',
      'text: Read.',
      'text: Read.\n        task: sqlish',
      /:\d+: levels\.junior\.steps\[0\]\.task names "sqlish", but no task has that id/,
    ],
    [
      'a check that no task has',
      'interviews/picking.yaml',
      'check: refuses-a-stale-write',
      'check: refuses-stale',
      /:\d+: rules\[0\]\.when\[0\]\.check names "refuses-stale", but no task has a hidden check of that name/,
    ],
    [
      'a check of another task',
      'interviews/picking.yaml',
      'check: refuses-a-stale-write',
      'check: keeps-a-note\n        task: crud-api',
      /the task crud-api has no hidden check of that name/,
    ],
    [
      'a probe that nobody wrote',
      'interviews/picking.yaml',
      'probe: lag',
      'probe: lags',
      /:\d+: rules\[1\]\.when\[0\]\.probe names "lags", but no probe is called that/,
    ],
    [
      'a competency that is no word of ours',
      'screening.yaml',
      '- async',
      '- asink',
      /competencies\[0\] names "asink", but no competency/,
    ],
    [
      'an unknown placeholder',
      'interviews/picking.yaml',
      '{times} times slower',
      '{time} times slower',
      /rules\[1\]\.openings\[0\] has \{time\}; known are task, /,
    ],
    [
      'a last resort that may not fit',
      'interviews/picking.yaml',
      'How do you find what is slow?',
      'Why {times}?',
      /rules\[1\]\.openings\[1\] must have no placeholder/,
    ],
    [
      'a point of the scale that is missing',
      'competencies/sql.yaml',
      / {2}- score: 2\n.*\n.*\n/,
      '',
      /^competencies\/sql\.yaml:\d+: scale must be 1, 2, 3, 4, in this order; it is 1, 3, 4/,
    ],
    [
      'points in another order',
      'interviews/sql-first.yaml',
      /- score: 1([^-]*)- score: 2/,
      '- score: 2$1- score: 1',
      /answers must be 1, 2, 3, 4/,
    ],
    ['a level that is missing', 'feedback/sql.yaml', / {2}senior:[^]*$/, '', /levels\.senior is missing/],
    [
      'levels in another order',
      'levels.yaml',
      /id: junior([^]*)id: mid/,
      'id: mid$1id: junior',
      /must be below_junior, junior, mid, senior, in this order/,
    ],
    [
      'two seeds of one competency',
      'interviews/sec-second.yaml',
      'isSeed: false',
      'isSeed: true',
      /sec-second\.yaml:3: isSeed is true, but interviews\/sec-first\.yaml is the seed/,
    ],
    [
      'no seed',
      'interviews/sec-first.yaml',
      'isSeed: true',
      'isSeed: false',
      /^interviews: has no question on sec with isSeed: true/,
    ],
    [
      'a question that no order names',
      'interviews/picking.yaml',
      '  - npm-first\n',
      '',
      /npm-first\.yaml:1: id is not listed in interviews\/picking\.yaml/,
    ],
    [
      'a kit without a slot',
      'interviews/picking.yaml',
      'slot: own',
      'slot: uncovered',
      /kit has no slot "own"/,
    ],
    [
      'a name that is not the file’s',
      'interviews/npm-first.yaml',
      'id: npm-first',
      'id: npm-1st',
      /id is "npm-1st", but the file is called npm-first\.yaml/,
    ],
    [
      'an unknown field',
      'levels.yaml',
      'custom: Some years.',
      'custom: Some years.\n  years: 3',
      /^levels\.yaml:8: \[1\].years is not a known field/,
    ],
    ['no text', 'competencies/sql.yaml', 'summary: What sql is about.', 'summary: " "', /summary is empty/],
    ['two blanks', 'competencies/sql.yaml', 'What sql is', 'What  sql is', /summary has two blanks/],
    ['half a sentence', 'competencies/sql.yaml', 'is about.', 'is about', /summary must end like a sentence/],
    [
      'a sentence without a beginning',
      'competencies/sql.yaml',
      'What sql',
      'what sql',
      /summary must begin like a sentence/,
    ],
    [
      'unfinished work',
      'competencies/sql.yaml',
      'What sql is about.',
      'TODO say more.',
      /summary is unfinished \("TODO"\)/,
    ],
    [
      'American spelling',
      'competencies/sql.yaml',
      'What sql is about.',
      'What they optimize.',
      /has "optimize": everything here is in British English/,
    ],
    [
      'a name that is a sentence',
      'competencies/sql.yaml',
      'The sql part',
      'The sql part.',
      /name ends like a sentence/,
    ],
    ['broken YAML', 'levels.yaml', 'custom: Some years.', 'custom: "Some years.', /^levels\.yaml:\d+: /],
    [
      'aliases',
      'levels.yaml',
      'custom: Some years.',
      'custom: &a Some years.\n  definition: *a',
      /levels\.yaml:/,
    ],
  ])('says where there is %s', async (_, file, from, to, said) => {
    await edit(file, from, to);
    const found = await problems();
    expect(found).toContainEqual(expect.stringMatching(said));
    expect(found.every((line) => line.startsWith(file) || /: is missing|^interviews|names/.test(line))).toBe(
      true,
    );
  });

  it('has no other files', async () => {
    await write('interviews/notes.txt', 'Later.');
    expect(await problems()).toEqual(['interviews/notes.txt: has no place here: every file is <id>.yaml']);
  });

  it('names each file that is missing', async () => {
    await rm(join(folder, 'screening.yaml'));
    await rm(join(folder, 'feedback/own.yaml'));
    expect(await problems()).toEqual(['feedback/own.yaml: is missing', 'screening.yaml: is missing']);
  });

  it('is never followed through a link', async () => {
    await rename(join(folder, 'levels.yaml'), join(folder, 'other.yaml'));
    await symlink('other.yaml', join(folder, 'levels.yaml'));
    expect(await problems()).toEqual(['levels.yaml: is a symbolic link; only regular files are taken']);
  });
});
