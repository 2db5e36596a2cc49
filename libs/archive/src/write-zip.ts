import type { SourceFile } from '@assay/contracts';
import { strToU8, zipSync } from 'fflate';

/** Zip knows no time before; the same files give the same bytes. */
const WRITTEN_AT = new Date(1980, 0, 1);

/** A zip of a project's files, which `readArchive` gives back. */
export function writeZip(files: readonly SourceFile[]): Buffer {
  // The lowest level: it blocks whoever calls, some ten milliseconds a mebibyte.
  const entries = files.map(({ path, content }) => [path, strToU8(content)]);
  return Buffer.from(zipSync(Object.fromEntries(entries), { mtime: WRITTEN_AT, level: 1 }));
}
