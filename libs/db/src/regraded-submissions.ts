import type { InputOf, listRegradedSubmissions, ReplyOf } from '@assay/contracts/http';
import { compareChecks, hasFlip } from '@assay/core/grading';
import { estimateCandidacy, evidenceShape } from './candidacy-evidence.js';
import type { Database } from './database.js';
import type { Prisma } from './generated/client.js';
import { cutPage, pageOf } from './page.js';
import { getRegradeOf } from './regrades.js';
import { type Viewer, visibleRoles } from './viewer.js';

type RegradedSubmission = ReplyOf<typeof listRegradedSubmissions>['items'][number];

const checksInOrder = { checks: { orderBy: { position: 'asc' } } } as const;
const shape = {
  ...checksInOrder,
  currentOf: { select: { id: true } },
  replaces: { include: { ...checksInOrder, taskVersion: { select: { version: true } } } },
  submission: { select: { attempt: { select: { candidacyId: true } } } },
} as const;

type RegradingRow = Prisma.GradingGetPayload<{ include: typeof shape }>;
type CandidacyRow = Prisma.CandidacyGetPayload<{ include: typeof evidenceShape }>;

/**
 * The submissions of a regrade, newest grading first, each with what adopting its new grading would change. Levels are
 * estimated here and now and stored nowhere: only what is adopted counts.
 */
export async function listRegradedSubmissionsOf(
  db: Database,
  viewer: Viewer,
  regradeId: string,
  query: InputOf<typeof listRegradedSubmissions>['query'],
): Promise<ReplyOf<typeof listRegradedSubmissions>> {
  await getRegradeOf(db, viewer, regradeId);
  const { after, ...order } = pageOf(query);
  const rows = await db.prisma.grading.findMany({
    where: {
      regradeId,
      submission: { attempt: { candidacy: { role: visibleRoles(viewer) } } },
      ...after,
    },
    include: shape,
    ...order,
  });
  const candidacies = await db.prisma.candidacy.findMany({
    where: { id: { in: rows.map(({ submission }) => submission.attempt.candidacyId) } },
    include: evidenceShape,
  });
  const byId = new Map(candidacies.map((candidacy) => [candidacy.id, candidacy]));
  return cutPage(rows, query.limit, (row) => toRegraded(row, byId));
}

function toRegraded(row: RegradingRow, candidacies: ReadonlyMap<string, CandidacyRow>): RegradedSubmission {
  const { replaces, submission } = row;
  const { candidacyId } = submission.attempt;
  const candidacy = candidacies.get(candidacyId);
  if (!replaces || !candidacy) throw new Error(`the grading ${row.id} of a regrade replaces none`);
  return {
    submissionId: row.submissionId,
    candidacyId,
    gradingId: row.id,
    state: row.state,
    isAdopted: row.currentOf !== null,
    before: { gradingId: replaces.id, taskVersion: replaces.taskVersion.version, score: replaces.score },
    after: row.state === 'completed' ? compare(candidacy, replaces, row) : null,
  };
}

function compare(
  candidacy: CandidacyRow,
  before: NonNullable<RegradingRow['replaces']>,
  after: RegradingRow,
): NonNullable<RegradedSubmission['after']> {
  const changedChecks = compareChecks(before.checks, after.checks);
  const standing = { before: standingWith(candidacy, before), after: standingWith(candidacy, after) };
  return {
    score: after.score,
    changedChecks,
    standing,
    outcomeFlips: hasFlip(changedChecks),
    levelFlips: standing.before.overall !== standing.after.overall,
  };
}

function standingWith(candidacy: CandidacyRow, grading: Parameters<typeof estimateCandidacy>[1]) {
  const { overall, competencies } = estimateCandidacy(candidacy, grading);
  return {
    overall: overall.statement,
    competencies: competencies.map(({ competency, statement }) => ({ competency, statement })),
  };
}
