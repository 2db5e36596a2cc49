import { loadContent, writtenContentHash } from '@assay/content';
import { type Database, publishContent } from '@assay/db';

/**
 * Publishes the written content of a content folder, unless this very content is published already. Gives a line if it
 * was. Throws `ContentInvalid` where it is not whole: nothing of it is published then.
 */
export async function publishWrittenContent(db: Database, contentFolder: string): Promise<string[]> {
  const content = await loadContent(contentFolder);
  const { version, isNew } = await publishContent(db, content, writtenContentHash(content));
  return isNew ? [`published the written content as version ${version}`] : [];
}
