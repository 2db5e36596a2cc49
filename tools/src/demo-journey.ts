import type { SourceFile } from '@assay/contracts';
import { type Client, createClient } from '@assay/contracts/client';
import { assessmentApi, type LevelEstimate, type recruiterApi } from '@assay/contracts/http';

export type Staff = Client<typeof recruiterApi>;
type Candidate = Client<typeof assessmentApi>;

export interface JourneyResult {
  name: string;
  level: LevelEstimate;
  checksPassed: number;
  checksTotal: number;
  seconds: number;
}

export interface Journey {
  staff: Staff;
  candidateUrl: string;
  roleId: string;
  assessmentId: string;
  taskId: string;
  candidate: { name: string; email: string };
  files: SourceFile[];
  /** Told in words as it happens. */
  onStep: (step: string) => void;
  onCheckGraded: (done: number, total: number) => void;
}

/** The main job for one candidate, over HTTP only: added, invited, sits the task, is graded, gets a level. */
export async function takeAssessment(journey: Journey): Promise<JourneyResult> {
  const startedAt = performance.now();
  const { staff, roleId, assessmentId, taskId, onStep } = journey;
  onStep('is added and invited');
  const { id: candidacyId } = await staff.addCandidate({ params: { roleId }, body: journey.candidate });
  const { url } = await staff.createInvitation({ params: { roleId }, body: { candidacyId, assessmentId } });

  const candidate = createClient(assessmentApi, journey.candidateUrl);
  await candidate.acceptInvitation({ body: { secret: new URL(url).pathname.split('/').at(-1) ?? '' } });
  await candidate.giveConsent({ body: { agreed: true } });
  await candidate.startAttempt();
  onStep('reads the task and writes a solution');
  await writeSolution(candidate, taskId, journey.files);
  onStep('runs the sample checks');
  await runSampleChecks(candidate, taskId);
  await candidate.submitTask({ params: { taskId } });
  onStep('has submitted');
  await followGrading(staff, candidacyId, journey.onCheckGraded);

  const [level, candidacy] = await Promise.all([
    staff.getLevel({ params: { candidacyId } }),
    staff.getCandidacy({ params: { candidacyId } }),
  ]);
  const submission = candidacy.attempts[0]?.submissions[0];
  return {
    name: journey.candidate.name,
    level,
    checksPassed: submission?.checksPassed ?? 0,
    checksTotal: submission?.checksTotal ?? 0,
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

async function followGrading(
  staff: Staff,
  candidacyId: string,
  onCheckGraded: Journey['onCheckGraded'],
): Promise<void> {
  await hear(
    (options) => staff.streamCandidacy({ params: { candidacyId } }, options),
    (event) => {
      if (event.type === 'grading.progressed') onCheckGraded(event.done, event.total);
      if (event.type === 'grading.failed_by_us' && !event.willRetry)
        throw new Error(`not graded: ${event.reason}`);
      return event.type === 'level.estimated' ? true : undefined;
    },
  );
}
