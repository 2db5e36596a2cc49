import { Content } from '@assay/contracts/content';
import { AppError } from '@assay/core/error';
import type { Database, Transaction } from './database.js';

/** A published version with its document. */
export interface PublishedContent {
  version: number;
  /** ISO 8601. */
  publishedAt: string;
  content: Content;
}

/**
 * Publishes written content under the next number; the same content as the newest version changes nothing. Gives the
 * number and whether it is new. `contentHash` is the content's. Needs the owner's connection.
 */
export function publishContent(
  db: Database,
  content: Content,
  contentHash: string,
): Promise<{ version: number; isNew: boolean }> {
  return db.transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE content_version IN SHARE ROW EXCLUSIVE MODE`;
    const newest = await tx.contentVersion.findFirst({ orderBy: { version: 'desc' } });
    if (newest?.contentHash === contentHash) return { version: newest.version, isNew: false };
    const version = (newest?.version ?? 0) + 1;
    await tx.contentVersion.create({ data: { version, contentHash, document: content } });
    return { version, isNew: true };
  });
}

/** The newest version. Throws `content.not_published` when there is none. */
export async function newestContent(tx: Transaction): Promise<PublishedContent> {
  const row = await tx.contentVersion.findFirst({ orderBy: { version: 'desc' } });
  if (!row)
    throw new AppError('content.not_published', 'Publish it: start Assay once more, or run the seed.');
  return toVersion(row);
}

/** Any version, for what was said with it. Throws `resource.not_found`. */
export async function getContentVersionOf(tx: Transaction, version: number): Promise<PublishedContent> {
  const row = await tx.contentVersion.findUnique({ where: { version } });
  if (!row) throw new AppError('resource.not_found', 'There is no such version of the content.');
  return toVersion(row);
}

interface ContentRow {
  version: number;
  publishedAt: Date;
  document: unknown;
}

const toVersion = ({ version, publishedAt, document }: ContentRow): PublishedContent => ({
  version,
  publishedAt: publishedAt.toISOString(),
  content: Content.parse(document),
});
