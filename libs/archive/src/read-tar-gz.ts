import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, extract, type Header } from 'tar-stream';
import { ArchiveRefused, type Intake, messageOf } from './intake.js';
import { readUpTo } from './read-up-to.js';

/** Of the tar itself: what is left out has to be unpacked all the same. */
const MAX_TAR_BYTES = 32 * 1024 * 1024;

/** Puts the entries of a tar.gz into the intake. Rejects with `ArchiveRefused` for what is no sound tar.gz. */
export async function readTarGz(bytes: Buffer, intake: Intake): Promise<void> {
  const gunzip = createGunzip();
  const tar = extract();
  // Written with streamx, which Node's pipeline takes; only its types are not those of Node's streams.
  const sink = tar as unknown as NodeJS.WritableStream;
  const reading = readEntries(tar, intake);
  try {
    await Promise.all([pipeline(Readable.from(chunksOf(bytes)), gunzip, limit(intake), sink), reading]);
  } catch (error) {
    tar.destroy();
    // Either may have ended the other: what the intake says is the reason.
    const reason = await reading.then(
      () => error,
      (first: unknown) => (first instanceof ArchiveRefused ? first : error),
    );
    if (reason instanceof ArchiveRefused) throw reason;
    intake.stop(`It is no sound tar.gz: ${messageOf(reason)}.`);
  }
  if (gunzip.bytesWritten < bytes.length)
    intake.stop('Behind its end there are bytes that belong to nothing.');
}

/** In pieces, so that nothing is unpacked far beyond the limit. */
function* chunksOf(bytes: Buffer) {
  for (let start = 0; start < bytes.length; start += 4096) yield bytes.subarray(start, start + 4096);
}

function limit(intake: Intake): Transform {
  let taken = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      taken += chunk.length;
      if (taken <= MAX_TAR_BYTES) return done(null, chunk);
      try {
        intake.stop(`It unpacks to more than ${MAX_TAR_BYTES / 1024 / 1024} MiB: leave node_modules out.`);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

async function readEntries(tar: Extract, intake: Intake): Promise<void> {
  for await (const entry of tar) await readEntry(entry, intake);
}

async function readEntry(
  entry: AsyncIterable<unknown> & { header: Partial<Header> & Pick<Header, 'name'> },
  intake: Intake,
): Promise<void> {
  intake.count();
  const { name, type, size = 0 } = entry.header;
  const isFolder = type === 'directory';
  const path = intake.placeOf(isFolder ? name.replace(/\/$/, '') : name, isFolder);
  if (path !== null && !isFolder) {
    if (type !== 'file') {
      intake.refuse(path, 'is a link or a device: only regular files and folders are taken');
    } else if (intake.hasRoomFor(path, size)) {
      const content = await readUpTo(entry, intake.caps.fileBytes);
      if (content !== null) intake.take(path, content);
      return;
    }
  }
  for await (const _ of entry); // the next entry comes only when this one is read
}
