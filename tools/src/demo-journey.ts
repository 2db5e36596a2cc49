import type { SourceFile } from '@assay/contracts';
import { type Client, createClient } from '@assay/contracts/client';
import { assessmentApi, type LevelEstimate, type recruiterApi } from '@assay/contracts/http';

export type Staff = Client<typeof recruiterApi>;
type Candidate = Client<typeof assessmentApi>;

export interface JourneyResult {
  name: string;
  level: LevelEstimate;
  /** In the order of the assessment. */
  tasks: { taskId: string; checksPassed: number; checksTotal: number }[];
  seconds: number;
}

export interface Journey {
  staff: Staff;
  candidateUrl: string;
  roleId: string;
  assessmentId: string;
  candidate: { name: string; email: string };
  /** What the candidate hands in for each task of the assessment. */
  solutions: { taskId: string; files: SourceFile[] }[];
  /** Told in words as it happens. */
  onStep: (step: string) => void;
  /** `left`: submissions whose grading has not ended. */
  onCheckGraded: (progress: { done: number; total: number; left: number }) => void;
}

/** The main job for one candidate, over HTTP only: added, invited, sits the task, is graded, gets a level. */
export async function takeAssessment(journey: Journey): Promise<JourneyResult> {
  const startedAt = performance.now();
  const { staff, roleId, assessmentId, solutions, onStep } = journey;
  onStep('is added and invited');
  const { id: candidacyId } = await staff.addCandidate({ params: { roleId }, body: journey.candidate });
  const { url } = await staff.createInvitation({ params: { roleId }, body: { candidacyId, assessmentId } });

  const candidate = createClient(assessmentApi, journey.candidateUrl);
  await candidate.acceptInvitation({ body: { secret: new URL(url).pathname.split('/').at(-1) ?? '' } });
  await candidate.giveConsent({ body: { agreed: true } });
  await candidate.startAttempt();
  for (const { taskId, files } of solutions) {
    onStep(`solves ${taskId} and runs its sample checks`);
    await writeSolution(candidate, taskId, files);
    await runSampleChecks(candidate, taskId);
  }
  for (const { taskId } of solutions) await candidate.submitTask({ params: { taskId } });
  onStep('has submitted');
  await followGradings(staff, candidacyId, solutions.length, journey.onCheckGraded);

  const [level, candidacy] = await Promise.all([
    staff.getLevel({ params: { candidacyId } }),
    staff.getCandidacy({ params: { candidacyId } }),
  ]);
  const submissions = candidacy.attempts[0]?.submissions ?? [];
  return {
    name: journey.candidate.name,
    level,
    tasks: solutions.map(({ taskId }) => {
      const submission = submissions.find((one) => one.taskId === taskId);
      if (!submission) throw new Error(`${taskId} was not submitted`);
      const { checksPassed, checksTotal } = submission;
      return { taskId, checksPassed, checksTotal };
    }),
    seconds: (performance.now() - startedAt) / 1000,
  };
}

async function writeSolution(candidate: Candidate, taskId: string, files: SourceFile[]): Promise<void> {
  const params = { taskId };
  const task = await candidate.getTask({ params });
  const revisions = new Map(task.files.map(({ path, revision }) => [path, revision]));
  for (const { path } of task.files) {
    if (!files.some((file) => file.path === path)) await candidate.deleteFile({ params, query: { path } });
  }
  for (const { path, content } of files) {
    await candidate.saveFile({ params, body: { path, content, baseRevision: revisions.get(path) ?? 0 } });
  }
}

/** How long nothing may happen: longer than the longest check. */
const PATIENCE_MS = 120_000;

type Stream<E> = (options: { signal: AbortSignal }) => Promise<AsyncIterable<{ event: E }>>;

/** Hears events until one of them gives a result. Rejects when nothing happens for too long. */
async function hear<E, T>(open: Stream<E>, pick: (event: E) => T | undefined): Promise<T> {
  const leave = new AbortController();
  const giveUp = () =>
    leave.abort(new Error('nothing happened for two minutes: is the grading worker healthy?'));
  let patience = setTimeout(giveUp, PATIENCE_MS);
  try {
    for await (const { event } of await open({ signal: leave.signal })) {
      clearTimeout(patience);
      patience = setTimeout(giveUp, PATIENCE_MS);
      const picked = pick(event);
      if (picked !== undefined) return picked;
    }
    throw new Error('the server ended the stream of events');
  } finally {
    clearTimeout(patience);
    leave.abort();
  }
}

/** Waits on the candidate's own stream. Throws when a sample check fails: a demo solution passes them all. */
async function runSampleChecks(candidate: Candidate, taskId: string): Promise<void> {
  const run = await candidate.startRun({ params: { taskId } });
  await hear(
    (options) => candidate.streamAttempt({}, options),
    (event) => {
      if (event.type === 'run.failed_by_us' && event.runId === run.id)
        throw new Error('the run failed on our side');
      return event.type === 'run.finished' && event.runId === run.id ? true : undefined;
    },
  );
  const { checks } = await candidate.getRun({ params: { runId: run.id } });
  const failed = checks.filter(({ verdict }) => verdict !== 'passed');
  if (failed.length > 0) {
    throw new Error(
      `sample checks failed: ${failed.map(({ name, message }) => `${name} (${message})`).join(', ')}`,
    );
  }
}

/** Resolves once the level was estimated from the last of so many gradings. */
async function followGradings(
  staff: Staff,
  candidacyId: string,
  count: number,
  onCheckGraded: Journey['onCheckGraded'],
): Promise<void> {
  let left = count;
  let estimates = 0;
  await hear(
    (options) => staff.streamCandidacy({ params: { candidacyId } }, options),
    (event) => {
      if (event.type === 'grading.progressed') {
        if (event.done === event.total) left -= 1;
        onCheckGraded({ done: event.done, total: event.total, left });
      }
      if (event.type === 'grading.failed_by_us' && !event.willRetry)
        throw new Error(`not graded: ${event.reason}`);
      if (event.type === 'level.estimated') estimates += 1;
      return estimates === count ? true : undefined;
    },
  );
}
