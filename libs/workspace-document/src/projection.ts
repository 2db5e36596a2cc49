import type { SourceFile } from '@assay/contracts';
import { MAX_FILE_BYTES } from '@assay/contracts/http';
import type { FileSize } from '@assay/core/assessment';
import type { Doc } from 'yjs';
import { listFiles } from './files.js';
import { type Refusal, tooLarge, utf8Length, whyNotSaved } from './limits.js';

/** A file of the document that is not saved as it stands there, and why. */
export interface UnsavedFile extends Refusal {
  path: string;
}

/**
 * What of a document a project on a disk may hold, given what is saved: a file that breaks a limit stays as it was saved,
 * or out, until it is made to fit. Files that are saved already come first: a new one never pushes them out.
 */
export function projectFiles(
  doc: Doc,
  saved: ReadonlyMap<string, { content: string }>,
): { files: SourceFile[]; unsaved: UnsavedFile[] } {
  const all = listFiles(doc);
  const isSaved = ({ path }: { path: string }) => saved.has(path);
  const files: SourceFile[] = [];
  const sizes: FileSize[] = [];
  const unsaved: UnsavedFile[] = [];
  for (const { path, text } of [...all.filter(isSaved), ...all.filter((file) => !isSaved(file))]) {
    // Told by its length alone: what is ten megabytes long is not written out first.
    const content = text.length > MAX_FILE_BYTES ? null : text.toJSON();
    const refusal = content === null ? tooLarge(path) : whyNotSaved(sizes, { path, content });
    if (refusal) unsaved.push({ path, ...refusal });
    const taken = refusal ? saved.get(path)?.content : content;
    if (typeof taken !== 'string') continue;
    files.push({ path, content: taken });
    sizes.push({ path, bytes: utf8Length(taken) });
  }
  return { files, unsaved };
}
