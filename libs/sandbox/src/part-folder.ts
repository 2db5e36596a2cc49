import { chownSync, closeSync, constants, fchownSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  handOver(() => {
    mkdirSync(folder, { mode: folderMode(uid) });
    writeFiles(folder, files, uid);
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
  handOver(() => writeFiles(folder, files, uid));
}

const folderMode = (uid: number | null): number => (uid === null ? OWN_FOLDER_MODE : FOLDER_MODE);

/** At once: a solution is a few small files, and a grading waits for them. Each step through the thread pool takes longer. */
function writeFiles(folder: string, files: readonly PartFile[], uid: number | null): void {
  const folders = foldersOf(files);
  for (const path of folders) mkdirSync(join(folder, path), { recursive: true, mode: folderMode(uid) });
  for (const file of files) writeNewFile(join(folder, file.path), file.content, uid);
  if (uid === null) return;
  // The folder itself last: until then nobody else can enter.
  for (const path of folders.reverse()) chownSync(join(folder, path), uid, uid);
  chownSync(folder, uid, uid);
}

/** Every folder on the way to a file, each after the one that it lies in. */
function foldersOf(files: readonly PartFile[]): string[] {
  const segments = files.map(({ path }) => path.split('/').slice(0, -1));
  const paths = segments.flatMap((names) => names.map((_name, at) => names.slice(0, at + 1).join('/')));
  return [...new Set(paths)].sort();
}

function refuseOtherPaths(files: readonly PartFile[]): void {
  const wrong = files.find((file) => !isPlainRelativePath(file.path));
  if (wrong) throw new SandboxError(`not a relative path below its folder: ${JSON.stringify(wrong.path)}`);
}

function handOver(write: () => void): void {
  try {
    write();
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

function writeNewFile(path: string, content: string, uid: number | null): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = openSync(path, flags, FILE_MODE);
  try {
    writeFileSync(file, content);
    if (uid !== null) fchownSync(file, uid, uid);
  } finally {
    closeSync(file);
  }
}
