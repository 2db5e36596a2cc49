import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { SourceFile } from '@assay/contracts';
import { z } from 'zod';
import type { Transaction } from './database.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Far above what a workspace may hold; a stored blob that unpacks to more is damaged. */
const MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024;

/** Stores files under the SHA-256 of their canonical form; the same files are stored once. Gives the hash. */
export async function storeSnapshot(tx: Transaction, files: SourceFile[]): Promise<string> {
  const sorted = files
    .map(({ path, content }) => ({ path, content }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const canonical = JSON.stringify(sorted);
  const sha256 = createHash('sha256').update(canonical).digest('hex');
  const bytes = new Uint8Array(await compress(canonical));
  await tx.blob.createMany({ data: { sha256, bytes }, skipDuplicates: true });
  return sha256;
}

export async function readSnapshot(tx: Transaction, sha256: string): Promise<SourceFile[]> {
  const blob = await tx.blob.findUniqueOrThrow({ where: { sha256 } });
  const canonical = await decompress(blob.bytes, { maxOutputLength: MAX_SNAPSHOT_BYTES });
  return z.array(SourceFile).parse(JSON.parse(canonical.toString('utf8')));
}
