import { constants } from 'node:fs';
import { chown, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SandboxError } from './engine.js';

const FOLDER_MODE = 0o500;
/** Where the owner is not root, and has to write and remove it. */
const OWN_FOLDER_MODE = 0o700;
const FILE_MODE = 0o400;

export interface PartFile {
  path: string;
  content: string;
}

/**
 * Writes `files` below a new `folder` that then only `uid` may read, or only we where it is null. Ours alone until the last step, so nobody can
 * plant a link on the way; the flags refuse to follow one all the same.
 */
export async function writePartFolder(
  folder: string,
  files: readonly PartFile[],
  uid: number | null,
): Promise<void> {
  refuseOtherPaths(files);
  await handedOver(async () => {
    await mkdir(folder, { mode: folderMode(uid) });
    await writeFiles(folder, files, uid);
  });
}

/**
 * Writes `files` into a folder that `uid` has already. Safe only because no program that is not ours has run as `uid`
 * yet: so nobody has planted anything in it.
 */
export async function fillPartFolder(
  folder: string,
  files: readonly PartFile[],
  uid: number | null,
): Promise<void> {
  refuseOtherPaths(files);
  await handedOver(() => writeFiles(folder, files, uid));
}

const folderMode = (uid: number | null): number => (uid === null ? OWN_FOLDER_MODE : FOLDER_MODE);

async function writeFiles(folder: string, files: readonly PartFile[], uid: number | null): Promise<void> {
  for (const file of files) await writeNewFile(join(folder, file.path), file.content, folderMode(uid));
  if (uid !== null) await giveTo(uid, folder);
}

function refuseOtherPaths(files: readonly PartFile[]): void {
  const wrong = files.find((file) => !isPlainRelativePath(file.path));
  if (wrong) throw new SandboxError(`not a relative path below its folder: ${JSON.stringify(wrong.path)}`);
}

async function handedOver(handOver: () => Promise<void>): Promise<void> {
  try {
    await handOver();
  } catch (cause) {
    throw new SandboxError(`files cannot be handed to a sandbox: ${String(cause)}`, { cause });
  }
}

/** `a/b.js`: no way up or out, nothing that two systems read differently. */
export function isPlainRelativePath(path: string): boolean {
  // A NUL would end the path for the kernel.
  if (/[\0\\]/.test(path)) return false;
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

async function writeNewFile(path: string, content: string, parentMode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: parentMode });
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(path, flags, FILE_MODE);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** The folder itself last: until then nobody else can enter. */
async function giveTo(uid: number, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(uid, path);
    else await chown(path, uid, uid);
  }
  await chown(folder, uid, uid);
}
