import type { SourceFile } from '@assay/contracts';
import { type ArchiveCaps, ArchiveRefused, Intake } from './intake.js';
import { readTarGz } from './read-tar-gz.js';
import { readZip } from './read-zip.js';

/** Whether a file of that name is one that `readArchive` reads. */
export const isArchiveName = (name: string) => /\.(?:zip|tgz|tar\.gz)$/i.test(name);

/**
 * The text files of a project from a zip or a tar.gz, sorted by path, without node_modules and .git. Works in memory alone:
 * no more than `caps` allows is ever kept, and nothing is unpacked further than it takes to see that it is too much.
 * Rejects with `ArchiveRefused` for everything that is not a plain project: links, devices, paths that lead outside, names
 * that come twice or differ in case only, files that are no text, sizes that are wrong, bytes that belong to nothing.
 */
export async function readArchive(bytes: Buffer, caps: ArchiveCaps): Promise<SourceFile[]> {
  const intake = new Intake(caps);
  if (bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) await readTarGz(bytes, intake);
  else if (bytes.subarray(0, 2).toString('latin1') === 'PK') await readZip(bytes, intake);
  else throw new ArchiveRefused(['It is neither a zip nor a tar.gz.']);
  return intake.finish();
}
