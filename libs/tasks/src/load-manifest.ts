import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { BUNDLE_CAPS } from './bundle.js';
import { type Contradiction, manifestContradictions } from './bundle-consistency.js';
import { describeIssue } from './issue-text.js';
import { TaskManifest } from './manifest.js';
import { readTextFile } from './source-folder.js';
import type { TaskProblem } from './task-invalid.js';
import { type FieldPath, lineOf, renderField } from './yaml-positions.js';

export const MANIFEST_FILE = 'task.yaml';

export interface LoadedManifest {
  /** Null when `problems` made it unusable. */
  manifest: TaskManifest | null;
  problems: TaskProblem[];
  /** Gives a later contradiction its line in the file. */
  locate(contradiction: Contradiction): TaskProblem;
}

const unreadable = (message: string): LoadedManifest => ({
  manifest: null,
  problems: [{ file: MANIFEST_FILE, line: null, field: null, message }],
  locate: ({ file, message: said }) => ({ file, line: null, field: null, message: said }),
});

/** Reads and checks `task.yaml`; never throws for what an author wrote. */
export async function loadManifest(folder: string): Promise<LoadedManifest> {
  const read = await readTextFile(join(folder, MANIFEST_FILE), BUNDLE_CAPS.fileBytes);
  if ('refused' in read) return unreadable(read.refused.includes('ENOENT') ? 'is missing' : read.refused);

  const lines = new LineCounter();
  const document = parseDocument(read.content, { lineCounter: lines, prettyErrors: false });
  const at = (path: FieldPath, message: string): TaskProblem => ({
    file: MANIFEST_FILE,
    line: lineOf(document, lines, path),
    field: path.length === 0 ? null : renderField(path),
    message,
  });
  const locate = ({ path, file, message }: Contradiction): TaskProblem =>
    path === null ? { file, line: null, field: null, message } : at(path, message);

  const broken = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    file: MANIFEST_FILE,
    line: lines.linePos(pos[0]).line,
    field: null,
    message,
  }));
  if (broken.length > 0) return { manifest: null, problems: broken, locate };

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return unreadable(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = TaskManifest.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(describeIssue).map(({ path, message }) => at(path, message));
    return { manifest: null, problems, locate };
  }
  return { manifest: parsed.data, problems: manifestContradictions(parsed.data).map(locate), locate };
}
