import type { SourceFile } from '@assay/contracts';
import { Database, publishTask } from '@assay/db';
import { contentHash, packBundle, type TaskBundle } from '@assay/tasks';

/** A task that is graded in a few seconds: a server that keeps notes. Its checks wait little, so that hangs end soon. */

const CHECK_TIMEOUT_MS = 2_000;

/** The body of each check, by name; the order is the order of grading. */
const HIDDEN = {
  'answers-at-the-root': { level: 'junior', code: `assert.equal((await http.get('/')).text, 'notes');` },
  'keeps-a-note': {
    level: 'junior',
    code: `const note = random.digits(8);
      assert.equal((await http.post('/notes', { note })).status, 201);
      assert.deepEqual((await http.get('/notes')).json(), [note], 'GET /notes must give the note that was posted.');`,
  },
  'keeps-their-order': {
    level: 'mid',
    code: `for (const note of ['b', 'a']) await http.post('/notes', { note });
      assert.deepEqual((await http.get('/notes')).json(), ['b', 'a']);`,
  },
  'refuses-what-is-no-note': {
    level: 'mid',
    code: `assert.equal((await http.post('/notes', { note: 5 })).status, 400);`,
  },
  'refuses-broken-json': {
    level: 'mid',
    code: `const answer = await http.request({ method: 'POST', path: '/notes', body: '{',
        headers: { 'content-type': 'application/json' } });
      assert.equal(answer.status, 400);`,
  },
  'answers-many-at-once': {
    level: 'senior',
    code: `const answers = await Promise.all(Array.from({ length: 10 }, () => http.get('/')));
      assert.ok(answers.every(({ text }) => text === 'notes'), 'Ten requests at once must all be answered with notes.');`,
  },
} as const;

const LENIENT_CHECK = `const { status } = await http.post('/notes', { note: 5 });
      assert.ok(status === 400 || status === 201, 'A note that is a number is kept or refused with 400.');`;

export const NOTES_CHECKS = Object.keys(HIDDEN);

const server = (validates: boolean) => `import http from 'node:http';
const notes = [];
http.createServer(async (request, response) => {
  if (request.url !== '/notes') return response.end('notes');
  if (request.method === 'GET') return response.end(JSON.stringify(notes));
  let text = '';
  for await (const chunk of request) text += chunk;
  let note;
  try { ({ note } = JSON.parse(text)); } catch { return response.writeHead(400).end(); }
  if (${validates} && typeof note !== 'string') return response.writeHead(400).end();
  notes.push(note);
  response.writeHead(201).end();
}).listen(process.env.PORT, '127.0.0.1');
`;

/** A project whose server.js holds this. */
export const notesProject = (code: string): SourceFile[] => [
  { path: 'package.json', content: '{"type":"module"}' },
  { path: 'server.js', content: code },
];

/** Passes every check. */
export const RIGHT_NOTES = notesProject(server(true));

/** Passes all but `refuses-what-is-no-note`. */
export const LENIENT_NOTES = notesProject(server(false));

const checkFile = (checks: Record<string, { code: string }>): string => {
  const entries = Object.entries(checks).map(
    ([name, { code }]) => `${JSON.stringify(name)}: async ({ http, random }) => { ${code} },`,
  );
  return `import assert from 'node:assert/strict';\nexport default {\n${entries.join('\n')}\n};\n`;
};

const specOf = ([name, { level }]: [string, { level: 'junior' | 'mid' | 'senior' }]) => ({
  name,
  level,
  competency: 'rest' as const,
  weight: 1,
  kind: 'functional' as const,
  timeoutMs: CHECK_TIMEOUT_MS,
  impliedBy: 'It keeps notes.',
});

/**
 * The task's bundle. Version 2 is what version 1 should have been if `refuses-what-is-no-note` was wrong: there it asks
 * for a refusal that the brief does not imply.
 */
export function notesBundle(id: string, version = 1): TaskBundle {
  const lenient = { ...HIDDEN['refuses-what-is-no-note'], code: LENIENT_CHECK };
  const hidden = version === 1 ? HIDDEN : { ...HIDDEN, 'refuses-what-is-no-note': lenient };
  const sample = { 'sample-root': HIDDEN['answers-at-the-root'] };
  return {
    manifest: {
      id,
      code: 'T90',
      version,
      title: 'Notes',
      mode: 'http',
      minutes: 30,
      competencies: ['rest'],
      server: { command: ['node', 'server.js'], startTimeoutMs: 5_000 },
      limits: { memoryMb: 128, pids: 48, cpus: 1, outputKb: 64, tmpMb: 8 },
      checks: { sample: Object.entries(sample).map(specOf), hidden: Object.entries(hidden).map(specOf) },
      mutants: [],
    },
    brief: '# Notes\n\nIt keeps notes.\n',
    starter: notesProject('// start here\n'),
    reference: RIGHT_NOTES,
    checks: [
      { path: 'hidden.mjs', content: checkFile(hidden) },
      { path: 'sample.mjs', content: checkFile(sample) },
    ],
    mutants: [],
  };
}

/** Publishes the task under this id, past the gate; `ownerUrl` is a connection of the database's owner. */
export async function publishNotesTask(ownerUrl: string, id: string, newVersion = 1): Promise<void> {
  const owner = new Database(ownerUrl, { connections: 1 });
  const bundle = notesBundle(id, newVersion);
  const { version, code, title, mode, minutes, competencies, limits, checks } = bundle.manifest;
  try {
    await publishTask(owner, {
      taskId: id,
      version,
      code,
      title,
      mode,
      minutes,
      competencies,
      brief: bundle.brief,
      starter: bundle.starter,
      sampleChecks: checks.sample.map(({ name, competency, level, impliedBy }) => ({
        name,
        competency,
        level,
        impliedBy,
      })),
      hiddenChecks: checks.hidden.map(({ name, impliedBy }) => ({ name, impliedBy, probe: null })),
      limits: { memoryMb: limits.memoryMb, cpus: limits.cpus, pids: limits.pids },
      contentHash: contentHash(bundle),
      bundle: packBundle(bundle),
    });
  } finally {
    await owner.close();
  }
}
