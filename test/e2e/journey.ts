import type { SourceFile } from '@assay/contracts';
import { type Client, createClient } from '@assay/contracts/client';
import type { StaffEvent } from '@assay/contracts/events';
import { acceptInvitation, assessmentApi } from '@assay/contracts/http';
import type { Staff, System } from './system.js';

export type CandidateClient = Client<typeof assessmentApi>;

/** A candidate whose clock runs. */
export interface Sitting {
  candidacyId: string;
  attemptId: string;
  candidate: CandidateClient;
  /** The same candidate in another tab or browser, of the first assessment API or the one at `url`. */
  openAnotherTab(url?: string): Promise<CandidateClient>;
  /** Logs in once more; gives the `cookie` header. */
  logIn(): Promise<string>;
}

let count = 0;

/** A new role with one candidate, who was invited to these tasks, has agreed and started. */
export async function beginSitting({ staff, candidateUrl }: System, taskIds: string[]): Promise<Sitting> {
  const role = await staff.createRole({
    body: { title: 'Engineer', targetLevel: 'mid', competencies: { rest: 3, struct: 2, sec: 2 } },
  });
  const params = { roleId: role.id };
  count += 1;
  const { id: candidacyId } = await staff.addCandidate({
    params,
    body: { name: `Candidate ${count}`, email: `candidate-${count}@mail.example` },
  });
  const assessment = await staff.createAssessment({ body: { name: 'Assessment', minutes: 60, taskIds } });
  const { url } = await staff.createInvitation({
    params,
    body: { candidacyId, assessmentId: assessment.id },
  });
  const secret = new URL(url).pathname.split('/').at(-1) ?? '';
  const openAnotherTab = async (apiUrl = candidateUrl) => {
    const client = createClient(assessmentApi, apiUrl);
    await client.acceptInvitation({ body: { secret } });
    return client;
  };
  const logIn = async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ secret });
    const answer = await fetch(`${candidateUrl}${acceptInvitation.path}`, { method: 'POST', headers, body });
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  const candidate = await openAnotherTab();
  await candidate.giveConsent({ body: { agreed: true } });
  const { id: attemptId } = await candidate.startAttempt();
  return { candidacyId, attemptId, candidate, openAnotherTab, logIn };
}

/** Makes the workspace hold exactly these files. */
export async function writeFiles(
  candidate: CandidateClient,
  taskId: string,
  files: readonly SourceFile[],
): Promise<void> {
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

/** A candidate who has submitted these files. */
export async function submitFiles(system: System, taskId: string, files: readonly SourceFile[]) {
  const sitting = await beginSitting(system, [taskId]);
  await writeFiles(sitting.candidate, taskId, files);
  const { id: submissionId } = await sitting.candidate.submitTask({ params: { taskId } });
  return { ...sitting, submissionId };
}

interface Followed {
  sequence: number;
  event: StaffEvent;
}

/** Follows a candidacy from its beginning until an event; gives all up to that one. */
export async function followUntil(
  staff: Staff,
  candidacyId: string,
  isLast: (event: StaffEvent) => boolean,
): Promise<Followed[]> {
  const gone = new AbortController();
  const seen: Followed[] = [];
  try {
    for await (const followed of await staff.streamCandidacy(
      { params: { candidacyId } },
      { signal: gone.signal },
    )) {
      seen.push(followed);
      if (isLast(followed.event)) return seen;
    }
  } finally {
    gone.abort();
  }
  throw new Error(`the stream has ended after ${JSON.stringify(seen.at(-1))}`);
}

export const isEstimated = ({ type }: StaffEvent): boolean => type === 'level.estimated';

/** The only grading of a submission, after its level was estimated. */
export async function untilGraded(staff: Staff, candidacyId: string, submissionId: string) {
  const events = await followUntil(staff, candidacyId, isEstimated);
  const submission = await staff.getSubmission({ params: { submissionId } });
  const [grading, ...more] = submission.gradings;
  if (!grading || more.length > 0) throw new Error(`${submission.gradings.length} gradings instead of one`);
  return { events, submission, grading };
}
