import { randomUUID } from 'node:crypto';
import {
  beginAttempt,
  claimGrading,
  completeGrading,
  type Database,
  insertAssessment,
  insertCandidacy,
  insertInvitation,
  insertRole,
  insertRun,
  publishTask,
  recordConsent,
  recordPlatformFailure,
  startCandidateSession,
  startRegradeOf,
  submitTaskOf,
  type Viewer,
} from '@assay/db';

/** A member of a new organisation, or of the one given. */
export async function makeMember(
  db: Database,
  access: Viewer['access'] = 'recruiter',
  organisationId?: string,
): Promise<Viewer> {
  const organisation = organisationId ?? (await db.prisma.organisation.create({ data: { name: 'Acme' } })).id;
  const member = await db.prisma.member.create({
    data: {
      organisationId: organisation,
      email: `${randomUUID()}@acme.example`,
      name: 'Mel Member',
      access,
      passwordHash: 'none',
    },
  });
  return { memberId: member.id, organisationId: organisation, access };
}

/** Publishes a one-file task under a new id; its bundle is opaque bytes. Needs the owner's connection. */
export async function makeTask(
  owner: Database,
  bundle?: Uint8Array,
  limits?: { nodeVersion?: string },
): Promise<string> {
  const taskId = `task-${randomUUID().slice(0, 8)}`;
  await makeTaskVersion(owner, taskId, 1, bundle, limits);
  return taskId;
}

/** Publishes a version of a one-file task; its bundle is opaque bytes. Needs the owner's connection. */
export async function makeTaskVersion(
  owner: Database,
  taskId: string,
  version: number,
  bundle: Uint8Array = new Uint8Array([1, 2, 3]),
  limits: { nodeVersion?: string } = {},
): Promise<void> {
  await publishTask(owner, {
    taskId,
    version,
    code: taskId,
    title: 'A task',
    mode: 'http',
    minutes: 30,
    competencies: ['rest'],
    brief: '# Do it',
    starter: [{ path: 'server.js', content: '// start here' }],
    sampleChecks: [{ name: 'answers', competency: 'rest', level: 'junior', impliedBy: 'It answers.' }],
    hiddenChecks: ['hidden-one', 'hidden-two'].map((name) => ({
      name,
      impliedBy: `The brief asks for ${name}.`,
      probe: null,
    })),
    limits: { memoryMb: 128, cpus: 1, pids: 32, ...limits },
    contentHash: randomUUID().replaceAll('-', '').padEnd(64, '0'),
    bundle,
  });
}

export interface Invited {
  roleId: string;
  candidacyId: string;
  assessmentId: string;
  attemptId: string;
  secret: string;
}

/** A candidate in a new role, invited to a new assessment of these tasks. */
export async function makeInvitation(db: Database, viewer: Viewer, taskIds: string[]): Promise<Invited> {
  const role = await insertRole(db, viewer, {
    title: 'Engineer',
    description: '',
    targetLevel: 'mid',
    competencies: { rest: 2, struct: 1 },
  });
  const candidate = { name: 'Cam Candidate', email: `${randomUUID()}@mail.example` };
  const candidacy = await insertCandidacy(db, viewer, role.id, candidate);
  const assessment = await insertAssessment(db, viewer, { name: 'Assessment', minutes: 60, taskIds });
  const { secret } = await insertInvitation(db, viewer, role.id, {
    candidacyId: candidacy.id,
    assessmentId: assessment.id,
    expiresInDays: 7,
  });
  const { attemptId } = await startCandidateSession(db, secret);
  return { roleId: role.id, candidacyId: candidacy.id, assessmentId: assessment.id, attemptId, secret };
}

/** The same with the clock running. */
export async function makeRunningAttempt(db: Database, viewer: Viewer, taskIds: string[]): Promise<Invited> {
  const invited = await makeInvitation(db, viewer, taskIds);
  await recordConsent(db, invited.attemptId);
  await beginAttempt(db, invited.attemptId);
  return invited;
}

/** A submission of one task with its queued grading. */
export async function makeSubmission(db: Database, viewer: Viewer, taskId: string) {
  const attempt = await makeRunningAttempt(db, viewer, [taskId]);
  return { ...attempt, ...(await submitTaskOf(db, attempt.attemptId, taskId)) };
}

/** The same, graded: one check passed, one failed. */
export async function makeGradedSubmission(db: Database, viewer: Viewer, taskId: string) {
  return gradeSubmission(db, await makeSubmission(db, viewer, taskId));
}

async function gradeSubmission<S extends { gradingId: string }>(db: Database, submission: S): Promise<S> {
  await completeQueuedGrading(db, submission.gradingId, ['passed', 'failed']);
  return submission;
}

/** Grades as a worker would, with these verdicts of two hidden checks. */
export async function completeQueuedGrading(
  db: Database,
  gradingId: string,
  [one, two]: ['passed' | 'failed', 'passed' | 'failed'],
): Promise<void> {
  const grading = await claimGrading(db, gradingId);
  if (!grading) throw new Error('a new grading cannot be begun');
  const check = { competency: 'rest', level: 'mid', weight: 1, kind: 'functional', ms: 5 } as const;
  const nothingToSay = { message: null, expected: null, actual: null };
  const said = { message: 'It must answer 200.', expected: '200', actual: '500' };
  const checks = [
    { ...check, name: 'hidden-one', verdict: one, ...(one === 'passed' ? nothingToSay : said) },
    { ...check, name: 'hidden-two', verdict: two, ...(two === 'passed' ? nothingToSay : said) },
  ];
  await completeGrading(db, grading, {
    checks,
    score: checks.filter(({ verdict }) => verdict === 'passed').length / checks.length,
    engine: 'none',
    guarantees: [],
    degraded: [],
    seed: '1',
    output: 'printed by the server',
  });
}

/** A candidacy with everything that a route can name: one task of the attempt is graded, the other is open. */
export async function makeWholeCandidacy(
  db: Database,
  viewer: Viewer,
  [gradedTaskId, taskId]: [string, string],
) {
  const invited = await makeRunningAttempt(db, viewer, [gradedTaskId, taskId]);
  const { attemptId } = invited;
  const submission = await gradeSubmission(db, await submitTaskOf(db, attemptId, gradedTaskId));
  const [run, invitation, attemptTasks] = await Promise.all([
    insertRun(db, attemptId, taskId, 'server'),
    db.prisma.invitation.findFirstOrThrow({ where: { attemptId } }),
    db.prisma.attemptTask.findMany({ where: { attemptId } }),
  ]);
  return {
    ...invited,
    ...submission,
    taskId,
    runId: run.id,
    invitationId: invitation.id,
    attemptTaskIds: attemptTasks.map(({ id }) => id),
  };
}

/** A regrade of one graded submission with a new version of its task, completed and not adopted. */
export async function makeRegrade(
  owner: Database,
  viewer: Viewer,
  { taskId, submissionId }: { taskId: string; submissionId: string },
) {
  const { _max } = await owner.prisma.taskVersion.aggregate({ where: { taskId }, _max: { version: true } });
  await makeTaskVersion(owner, taskId, (_max.version ?? 0) + 1);
  const { regrade, queued } = await startRegradeOf(owner, viewer, taskId, [submissionId]);
  const gradingIds = queued.map(({ gradingId }) => gradingId);
  for (const id of gradingIds) await completeQueuedGrading(owner, id, ['passed', 'passed']);
  return { regradeId: regrade.id, regradingIds: gradingIds };
}

/** A grading that we failed until a person was asked. */
export async function makeGradingNeedingAttention(owner: Database, viewer: Viewer, taskId: string) {
  const submission = await makeSubmission(owner, viewer, taskId);
  for (;;) {
    const grading = await claimGrading(owner, submission.gradingId);
    if (!grading) return submission;
    await recordPlatformFailure(owner, grading, 'the sandbox broke');
  }
}
