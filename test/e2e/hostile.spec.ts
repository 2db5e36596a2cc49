import type { SourceFile, Verdict } from '@assay/contracts';
import { NOTES_CHECKS, notesProject, publishNotesTask, RIGHT_NOTES, waitFor } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOSTILE_SERVERS } from './hostile-servers.js';
import { beginSitting, submitFiles, untilGraded, writeFiles } from './journey.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'notes';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a reader.
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Those whose runs are looked at too, by what is hostile in what they say. */
const RUN = [
  'that floods its output',
  'that prints and answers NUL, escapes and markup',
  'that prints and answers bytes that are no text',
  'that answers ten megabytes',
];

interface Expected {
  files: readonly SourceFile[];
  /** Verdicts that may come, the first check's first. */
  verdicts: Verdict[];
  says: RegExp;
}

const EXPECTED: Record<string, Expected> = {
  'that dies at its start': {
    files: notesProject(HOSTILE_SERVERS.diesAtStart),
    verdicts: ['crashed', 'skipped'],
    says: /^Your server ended with exit code 1 before it accepted connections: Error: no configuration$/,
  },
  'that never listens': {
    files: notesProject(HOSTILE_SERVERS.neverListens),
    verdicts: ['timed_out', 'skipped'],
    says: /did not accept connections|did not listen/i,
  },
  'that takes connections and never answers': {
    files: notesProject(HOSTILE_SERVERS.neverAnswers),
    verdicts: ['timed_out'],
    says: /^(?:This check did not finish|GET \/ )/,
  },
  'that floods its output': {
    files: notesProject(HOSTILE_SERVERS.floods),
    verdicts: ['output_exceeded', 'skipped'],
    says: /^Your server printed more than 64 KB and was stopped\.$/,
  },
  'that takes all memory': {
    files: notesProject(HOSTILE_SERVERS.takesMemory),
    verdicts: ['memory_exceeded'],
    says: /^Your server used more than 128 MB of memory and was stopped\.$/,
  },
  'that is empty': {
    files: [],
    verdicts: ['crashed', 'skipped'],
    says: /^Your server ended with exit code 1 before it accepted connections: .*Cannot find module/,
  },
  'that prints and answers NUL, escapes and markup': {
    files: notesProject(HOSTILE_SERVERS.markup),
    verdicts: ['failed'],
    says: /^The answer is not what the brief asks for\.$/,
  },
  'that prints and answers bytes that are no text': {
    files: notesProject(HOSTILE_SERVERS.noUtf8),
    verdicts: ['failed'],
    says: /^The answer is not what the brief asks for\.$/,
  },
  'that answers ten megabytes': {
    files: notesProject(HOSTILE_SERVERS.answersTenMegabytes),
    verdicts: ['failed'],
    says: /^Your server sent more than 1 MiB in answer to GET \/\.$/,
  },
  'that forges results': {
    files: notesProject(HOSTILE_SERVERS.forges),
    verdicts: ['failed'],
    says: /^The answer is not what the brief asks for\.$/,
  },
};

describe('a solution', () => {
  let system: System;
  let submitted: Map<string, Awaited<ReturnType<typeof submitFiles>>>;

  beforeAll(async () => {
    system = await startSystem({ gradingSlots: 2 });
    await publishNotesTask(system.ownerUrl, TASK_ID);
    // All at once: a hostile one must not cost its neighbours anything either.
    const all = { ...EXPECTED, 'that is right': { files: RIGHT_NOTES } };
    submitted = new Map();
    for (const [name, { files }] of Object.entries(all))
      submitted.set(name, await submitFiles(system, TASK_ID, files));
  }, 180_000);
  afterAll(() => system?.stop());

  async function gradingOf(name: string) {
    const sitting = submitted.get(name);
    if (!sitting) throw new Error(`${name} was not submitted`);
    return { ...sitting, ...(await untilGraded(system.staff, sitting.candidacyId, sitting.submissionId)) };
  }

  it.each(Object.entries(EXPECTED))('%s is graded, and says why in plain words', async (name, expected) => {
    const { grading, submission, events, candidacyId, candidate } = await gradingOf(name);
    expect(grading).toMatchObject({ state: 'completed', outcome: 'completed', reason: null, score: 0 });
    expect(grading.checks.map((check) => check.name)).toEqual(NOTES_CHECKS);
    const [first] = grading.checks;
    expect(first?.verdict).toBe(expected.verdicts[0]);
    expect(first?.message).toMatch(expected.says);
    for (const { verdict, message, expected: wanted, actual } of grading.checks) {
      expect(expected.verdicts).toContain(verdict);
      for (const text of [message, wanted, actual]) expect(text ?? '').not.toMatch(CONTROL_CHARACTERS);
      expect(message).not.toMatch(/harness|worker_threads|node:internal/);
    }
    const [stored] = await system.sql<{ output: string }>(
      'SELECT output FROM grading WHERE id = $1',
      grading.id,
    );
    expect(stored?.output).not.toMatch(CONTROL_CHARACTERS);
    expect(submission.files).toEqual(expected.files);
    expect((await candidate.getAttempt()).tasks[0]?.submission).toMatchObject({ state: 'graded' });
    expect(events.filter(({ event }) => event.type === 'grading.failed_by_us')).toEqual([]);
    const level = await system.staff.getLevel({ params: { candidacyId } });
    expect(level.evidence).toHaveLength(NOTES_CHECKS.length);
  });

  it.each(RUN)('%s is run, and shows its candidate nothing but text', async (name) => {
    const { candidate } = await beginSitting(system, [TASK_ID]);
    await writeFiles(candidate, TASK_ID, EXPECTED[name]?.files ?? []);
    const { id: runId } = await candidate.startRun({ params: { taskId: TASK_ID } });
    const run = await waitFor(
      'the run to end',
      async () => {
        const seen = await candidate.getRun({ params: { runId } });
        return seen.finishedAt ? seen : null;
      },
      60_000,
    );
    expect(run.state).toBe('finished');
    expect(run.checks).toHaveLength(1);
    const [check] = run.checks;
    expect(EXPECTED[name]?.verdicts).toContain(check?.verdict);
    for (const text of [run.output, check?.message, check?.expected, check?.actual]) {
      expect(text ?? '').not.toMatch(CONTROL_CHARACTERS);
      expect((text ?? '').length).toBeLessThan(70_000);
    }
  });

  it('that is right is graded right beside them, and the worker is well', async () => {
    const { grading } = await gradingOf('that is right');
    expect(grading.checks.map(({ name, verdict }) => [name, verdict])).toEqual(
      NOTES_CHECKS.map((name) => [name, 'passed']),
    );
    expect(grading.score).toBe(1);
    expect(await system.worker.isReady()).toBe(true);
    const [failures] = await system.sql<{ sum: string }>('SELECT sum(platform_failures) FROM grading');
    expect(failures?.sum).toBe('0');
  });
});
