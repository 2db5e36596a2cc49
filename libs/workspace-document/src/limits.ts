import { type SourceFile, SourcePath } from '@assay/contracts';
import { MAX_FILE_BYTES } from '@assay/contracts/http';
import { assertRoomForFile, type FileSize } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';

/** Why something is not taken, as a problem's code and a sentence that says what to do. */
export interface Refusal {
  code: string;
  detail: string;
}

/** Why there may be no file of this path beside `others`; null when there may. */
export function whyNotThere(others: readonly FileSize[], path: string): Refusal | null {
  if (others.some((other) => other.path === path)) {
    return { code: 'file.path_taken', detail: `${path} is there already: take another name.` };
  }
  return whyNot(others, { path, bytes: 0 });
}

/** Why a project that holds `others` may not hold this file too; null when it may. */
export function whyNotSaved(others: readonly FileSize[], { path, content }: SourceFile): Refusal | null {
  if (content.includes('\0')) {
    return { code: 'file.not_text', detail: `${path} is not text. Only text is saved.` };
  }
  const bytes = utf8Length(content);
  if (bytes > MAX_FILE_BYTES) return tooLarge(path);
  return whyNot(others, { path, bytes });
}

export function tooLarge(path: string): Refusal {
  const limit = `${MAX_FILE_BYTES / 1024} KiB`;
  return { code: 'file.too_large', detail: `${path} holds more than ${limit}. Make it shorter to save it.` };
}

/** Of a text, in bytes. */
export const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

function whyNot(others: readonly FileSize[], file: FileSize): Refusal | null {
  if (!SourcePath.safeParse(file.path).success) {
    const detail =
      'A path has up to 200 plain characters, names folders by /, and neither begins nor ends with it.';
    return { code: 'file.bad_path', detail };
  }
  try {
    assertRoomForFile(others, file);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, detail: error.detail ?? error.code };
  }
}
