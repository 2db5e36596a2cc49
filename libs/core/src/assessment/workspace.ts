import { AppError } from '../error/index.js';

export const MAX_FILES = 100;

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

export function assertRoomForFile(fileCount: number): void {
  if (fileCount >= MAX_FILES) {
    throw new AppError('file.too_many', `A project holds at most ${MAX_FILES} files. Delete one first.`);
  }
}
