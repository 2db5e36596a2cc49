import {
  type editKit as editKitEndpoint,
  type InputOf,
  type Kit,
  KitChange,
  KitItem,
} from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import { editKit, pickKit } from '@assay/core/interviewing';
import { z } from 'zod';
import { assertCandidacyVisible } from './candidacies.js';
import { getContentVersionOf, newestContent, type PublishedContent } from './content-versions.js';
import { type Database, databaseNow, type Transaction } from './database.js';
import { appendStaffEvent } from './events.js';
import { lockRow } from './locked-rows.js';
import { observeCandidacy } from './observed-checks.js';
import type { Viewer } from './viewer.js';

/** A kit with the content that its questions are of. */
interface KnownKit {
  published: PublishedContent;
  revision: number;
  items: z.infer<typeof KitItem>[];
  shortfall: string | null;
  changes: z.infer<typeof KitChange>[];
}

/**
 * The kit as it was edited, in the words of the version that it was made with; until somebody edits it, picked from the
 * evidence as it is now with the newest content.
 */
async function readKit(tx: Transaction, candidacyId: string): Promise<KnownKit> {
  const row = await tx.interviewKit.findUnique({ where: { candidacyId } });
  if (row) {
    return {
      published: await getContentVersionOf(tx, row.contentVersion),
      revision: row.revision,
      items: z.array(KitItem).parse(row.items),
      shortfall: null,
      changes: z.array(KitChange).parse(row.changes),
    };
  }
  const published = await newestContent(tx);
  const { items, shortfall } = pickKit(await observeCandidacy(tx, candidacyId), published.content);
  return { published, revision: 0, items: z.array(KitItem).parse(items), shortfall, changes: [] };
}

function toKit(candidacyId: string, { published, ...kit }: KnownKit): z.input<typeof Kit> {
  const { questions } = published.content;
  return {
    candidacyId,
    contentVersion: published.version,
    ...kit,
    items: kit.items.flatMap((item) => {
      const question = questions.find(({ id }) => id === item.questionId);
      return question ? { ...item, question } : [];
    }),
  };
}

/** Throws `resource.not_found` when the viewer may not see the candidacy. */
export async function getKitOf(db: Database, viewer: Viewer, candidacyId: string) {
  await assertCandidacyVisible(db, viewer, candidacyId);
  return toKit(candidacyId, await readKit(db.prisma, candidacyId));
}

/** Stores the kit as wanted; from then on it stays with the content version that it was edited with. */
export async function saveKitOf(
  db: Database,
  viewer: Viewer,
  candidacyId: string,
  { baseRevision, items: wanted, why }: InputOf<typeof editKitEndpoint>['body'],
) {
  await assertCandidacyVisible(db, viewer, candidacyId);
  return db.transaction(async (tx) => {
    await lockRow(tx, 'candidacy', candidacyId);
    const kit = await readKit(tx, candidacyId);
    if (kit.revision !== baseRevision) {
      throw new AppError(
        'kit.changed_elsewhere',
        `You edited revision ${baseRevision}, but revision ${kit.revision} is saved. Load it, then edit again.`,
      );
    }
    const now = await databaseNow(tx);
    const editor = { memberId: viewer.memberId, at: now.toISOString(), why };
    const edited = editKit(kit.items, wanted, editor, kit.published.content);
    const revision = kit.revision + 1;
    const items = z.array(KitItem).parse(edited.items);
    const changes = z.array(KitChange).parse([...kit.changes, ...edited.changes]);
    const data = { contentVersion: kit.published.version, revision, items, changes, updatedAt: now };
    await tx.interviewKit.upsert({ where: { candidacyId }, create: { candidacyId, ...data }, update: data });
    await appendStaffEvent(tx, candidacyId, { type: 'kit.edited', memberId: viewer.memberId, revision });
    return toKit(candidacyId, { published: kit.published, revision, items, shortfall: null, changes });
  });
}
