import { AppError } from '../error/index.js';

export const MAX_FILES = 100;

/** Of a project's files in UTF-8. Far below what a snapshot may hold, however its JSON escapes them. */
export const MAX_PROJECT_BYTES = 5 * 1024 * 1024;

/** A file of a project; `bytes` in UTF-8. */
export interface FileSize {
  path: string;
  bytes: number;
}

/**
 * The next revision of a file, given what is stored (null: no such file) and what the edit was based on (0: a new
 * file). Two tabs that edit the same file: the second to save is told, and loses nothing.
 */
export function nextRevision(storedRevision: number | null, baseRevision: number): number {
  const current = storedRevision ?? 0;
  if (current !== baseRevision) {
    throw new AppError(
      'file.changed_elsewhere',
      `You edited revision ${baseRevision}, but revision ${current} is saved. Load it, then save again.`,
    );
  }
  return current + 1;
}

/** Whether a project that holds `others` may hold this file too. What it takes must fit onto a disk to be graded. */
export function assertRoomForFile(others: readonly FileSize[], file: FileSize): void {
  if (others.length >= MAX_FILES) {
    throw new AppError('file.too_many', `A project holds at most ${MAX_FILES} files. Delete one first.`);
  }
  const bytes = others.reduce((sum, other) => sum + other.bytes, file.bytes);
  if (bytes > MAX_PROJECT_BYTES) {
    throw new AppError('file.no_room', `All files together may hold ${MAX_PROJECT_BYTES / 2 ** 20} MiB.`);
  }
  const inTheWay = others.find(
    ({ path }) => path.startsWith(`${file.path}/`) || file.path.startsWith(`${path}/`),
  );
  if (inTheWay) {
    throw new AppError('file.path_taken', `${inTheWay.path} is in the way: delete it, or take another name.`);
  }
}
