import { isUtf8 } from 'node:buffer';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { ArchiveRefused, type Intake, messageOf } from './intake.js';
import { readUpTo } from './read-up-to.js';

/** The file type in the upper half of an entry's attributes, where they were written on Unix. */
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const MADE_ON_UNIX = 3;

/** Puts the entries of a zip into the intake. Rejects with `ArchiveRefused` for what is no sound zip. */
export async function readZip(bytes: Buffer, intake: Intake): Promise<void> {
  try {
    // Names are judged by the intake: yauzl would stop at the first bad one.
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
    for await (const entry of zip.eachEntry()) await readEntry(zip, entry, intake);
  } catch (error) {
    if (error instanceof ArchiveRefused) throw error;
    intake.stop(`It is no sound zip: ${messageOf(error)}.`);
  }
}

async function readEntry(zip: ZipFile, entry: Entry, intake: Intake): Promise<void> {
  intake.count();
  const raw = entry.fileNameRaw;
  const name = raw.toString(isUtf8(raw) ? 'utf8' : 'latin1');
  const isFolder = name.endsWith('/');
  const path = intake.placeOf(isFolder ? name.slice(0, -1) : name, isFolder);
  if (path === null) return;
  const type = typeOf(entry);
  if (type !== 0 && type !== (isFolder ? FOLDER : REGULAR)) {
    intake.refuse(path, 'is a link or a device: only regular files and folders are taken');
    return;
  }
  if (isFolder) return;
  if (entry.isEncrypted()) return intake.refuse(path, 'is encrypted');
  if (!intake.hasRoomFor(path, entry.uncompressedSize)) return;
  // yauzl ends the stream with an error where more or less comes than the entry says.
  const content = await readUpTo(await zip.openReadStreamPromise(entry), intake.caps.fileBytes);
  if (content === null) intake.hasRoomFor(path, Number.POSITIVE_INFINITY);
  else intake.take(path, content);
}

/** 0 where none was written down. */
const typeOf = ({ versionMadeBy, externalFileAttributes }: Entry) =>
  versionMadeBy >>> 8 === MADE_ON_UNIX ? (externalFileAttributes >>> 16) & TYPE_MASK : 0;
