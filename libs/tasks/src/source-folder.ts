import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type SourceFile, SourcePath } from '@assay/contracts';
import { byPath } from './bundle.js';

/** Why a file or folder was refused; `path` is relative to the folder that was read ('' for the folder itself). */
export interface Refusal {
  path: string;
  message: string;
}

export interface FolderCaps {
  fileBytes: number;
  files: number;
  totalBytes: number;
}

/** What to do with a sub-folder by its name. */
export type FolderRule = (name: string) => 'read' | 'skip' | 'refuse';

interface Intake {
  files: SourceFile[];
  refusals: Refusal[];
  bytes: number;
  stopped: boolean;
}

const MAX_DEPTH = 16;

/**
 * Reads one regular UTF-8 file without ever following a link. O_NONBLOCK: a fifo put in the file's place
 * between looking and opening must not hold us. Answers the content or the refusal's message.
 */
export async function readTextFile(
  path: string,
  maxBytes: number,
): Promise<{ content: string } | { refused: string }> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => error.code ?? 'an error',
  );
  if (typeof handle === 'string') {
    return {
      refused:
        handle === 'ELOOP'
          ? 'is a symbolic link; only regular files are taken'
          : `cannot be read (${handle})`,
    };
  }
  try {
    const entry = await handle.stat();
    if (!entry.isFile()) return { refused: 'is not a regular file' };
    const { size } = entry;
    if (size > maxBytes) return { refused: `is larger than ${maxBytes / 1024} KiB` };
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    const taken = bytes.subarray(0, bytesRead);
    if (!isUtf8(taken)) return { refused: 'is not UTF-8 text' };
    // UTF-8 allows NUL, but Postgres cannot store it as text, and no source file needs it.
    return taken.includes(0) ? { refused: 'contains a NUL character' } : { content: taken.toString('utf8') };
  } finally {
    await handle.close();
  }
}

async function takeFile(root: string, path: string, caps: FolderCaps, intake: Intake): Promise<void> {
  const valid = SourcePath.safeParse(path);
  if (!valid.success) {
    intake.refusals.push({
      path,
      message: 'has a name that no task can use (printable ASCII, at most 200 characters)',
    });
    return;
  }
  if (intake.files.length >= caps.files) {
    intake.refusals.push({ path: '', message: `holds more than ${caps.files} files` });
    intake.stopped = true;
    return;
  }
  const read = await readTextFile(join(root, path), caps.fileBytes);
  if ('refused' in read) {
    intake.refusals.push({ path, message: read.refused });
    return;
  }
  intake.bytes += Buffer.byteLength(read.content);
  if (intake.bytes > caps.totalBytes) {
    intake.refusals.push({ path: '', message: `holds more than ${caps.totalBytes / 1024 / 1024} MiB` });
    intake.stopped = true;
    return;
  }
  intake.files.push({ path, content: read.content });
}

async function takeFolder(root: string, folder: string, rule: FolderRule, caps: FolderCaps, intake: Intake) {
  if (folder.split('/').length > MAX_DEPTH) {
    intake.refusals.push({ path: folder, message: `lies more than ${MAX_DEPTH} folders deep` });
    return;
  }
  const names = (await readdir(join(root, folder))).sort();
  for (const name of names) {
    if (intake.stopped) return;
    const path = folder === '' ? name : `${folder}/${name}`;
    const entry = await lstat(join(root, path));
    if (entry.isDirectory()) {
      const verdict = rule(name);
      if (verdict === 'refuse') intake.refusals.push({ path, message: 'does not belong in a task' });
      if (verdict === 'read') await takeFolder(root, path, rule, caps, intake);
    } else if (entry.isSymbolicLink()) {
      if (rule(name) !== 'skip') {
        intake.refusals.push({ path, message: 'is a symbolic link; only regular files are taken' });
      }
    } else if (entry.isFile()) {
      await takeFile(root, path, caps, intake);
    } else {
      intake.refusals.push({ path, message: 'is not a regular file' });
    }
  }
}

/** Every text file below a folder, sorted by path, and what had to be refused. Rejects when the folder cannot be read. */
export async function readSourceFolder(
  root: string,
  rule: FolderRule,
  caps: FolderCaps,
): Promise<{ files: SourceFile[]; refusals: Refusal[] }> {
  const intake: Intake = { files: [], refusals: [], bytes: 0, stopped: false };
  await takeFolder(root, '', rule, caps, intake);
  return { files: intake.files.sort(byPath), refusals: intake.refusals };
}
