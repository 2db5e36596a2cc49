import type { Feedback, getFeedbackOfCandidacy, ReplyOf } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { candidateFeedback } from '@assay/core/feedback';
import { likeliestLevel } from '@assay/core/levelling';
import type { z } from 'zod';
import { assertCandidacyVisible } from './candidacies.js';
import { getContentVersionOf, newestContent, type PublishedContent } from './content-versions.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendCandidateEvent, appendStaffEvent } from './events.js';
import { lockRow } from './locked-rows.js';
import { observeCandidacy } from './observed-checks.js';
import type { Viewer } from './viewer.js';

/** Made from the gradings that count now, in the words of that version. */
async function feedbackOf(
  tx: Transaction,
  candidacyId: string,
  { content }: PublishedContent,
): Promise<z.input<typeof Feedback>> {
  const { checks, levels, isGraded } = await observeCandidacy(tx, candidacyId);
  const likeliest = Object.fromEntries(
    levels.map(({ competency, probabilities }) => [competency, likeliestLevel(probabilities)]),
  );
  const competencies = candidateFeedback(checks, likeliest, content).map(({ next, later, ...rest }) => ({
    ...rest,
    next: toPath(next),
    later: later && toPath(later),
  }));
  return { isComplete: isGraded, competencies };
}

type Path = z.input<typeof Feedback>['competencies'][number]['next'];
const toPath = ({ tryNext, steps }: { tryNext: string; steps: readonly Path['steps'][number][] }): Path => ({
  tryNext,
  steps: [...steps],
});

/** What the candidate reads, or would read. Throws `resource.not_found` when the viewer may not see the candidacy. */
export async function previewFeedbackOf(
  db: Database,
  viewer: Viewer,
  candidacyId: string,
): Promise<ReplyOf<typeof getFeedbackOfCandidacy>> {
  await assertCandidacyVisible(db, viewer, candidacyId);
  const tx = db.prisma;
  const release = await tx.feedbackRelease.findUnique({ where: { candidacyId } });
  const published = release ? await getContentVersionOf(tx, release.contentVersion) : await newestContent(tx);
  return {
    ...(await feedbackOf(tx, candidacyId, published)),
    release: release && { memberId: release.releasedById, at: release.releasedAt.toISOString() },
  };
}

/** The candidate's own. Throws `feedback.not_released`. */
export async function getFeedbackOf(db: Database, attemptId: string): Promise<z.input<typeof Feedback>> {
  const tx = db.prisma;
  const { candidacyId } = await tx.attempt.findUniqueOrThrow({
    where: { id: attemptId },
    select: { candidacyId: true },
  });
  const release = await tx.feedbackRelease.findUnique({ where: { candidacyId } });
  if (!release) {
    throw new AppError(
      'feedback.not_released',
      'The people who look after your application have not shared it yet. You will find it here when they have.',
    );
  }
  return feedbackOf(tx, candidacyId, await getContentVersionOf(tx, release.contentVersion));
}

/** Lets the candidate read their feedback in today's words. Releasing twice changes nothing. */
export async function releaseFeedbackOf(db: Database, viewer: Viewer, candidacyId: string): Promise<void> {
  await changeRelease(db, viewer, candidacyId, async (tx, isReleased) => {
    if (isReleased) return null;
    const { version } = await newestContent(tx);
    const releasedAt = await databaseNow(tx);
    const data = { candidacyId, contentVersion: version, releasedById: viewer.memberId, releasedAt };
    await tx.feedbackRelease.create({ data });
    return 'feedback.released';
  });
}

/** Takes it back. Changes nothing where it is not released. */
export async function withdrawFeedbackOf(db: Database, viewer: Viewer, candidacyId: string): Promise<void> {
  await changeRelease(db, viewer, candidacyId, async (tx, isReleased) => {
    if (!isReleased) return null;
    await tx.feedbackRelease.delete({ where: { candidacyId } });
    return 'feedback.withdrawn';
  });
}

/** Holds the candidacy meanwhile, and tells staff and candidate what `change` says has happened. */
async function changeRelease(
  db: Database,
  viewer: Viewer,
  candidacyId: string,
  change: (
    tx: Transaction,
    isReleased: boolean,
  ) => Promise<'feedback.released' | 'feedback.withdrawn' | null>,
): Promise<void> {
  await assertCandidacyVisible(db, viewer, candidacyId);
  await db.transaction(async (tx) => {
    await lockRow(tx, 'candidacy', candidacyId);
    const release = await tx.feedbackRelease.findUnique({ where: { candidacyId } });
    const type = await change(tx, release !== null);
    if (type === null) return;
    await appendStaffEvent(tx, candidacyId, { type, memberId: viewer.memberId });
    const attempts = await tx.attempt.findMany({ where: { candidacyId }, select: { id: true } });
    for (const { id } of attempts) await appendCandidateEvent(tx, id, { type });
  });
}
