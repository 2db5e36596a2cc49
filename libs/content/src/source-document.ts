import { join } from 'node:path';
import { describeIssue, type FieldPath, lineOf, readTextFile, renderField } from '@assay/tasks/yaml';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { ContentProblem } from './content-problem.js';

const MAX_FILE_BYTES = 256 * 1024;

/** A YAML file with its lines. */
export interface SourceDocument<T> {
  /** Relative to the content folder. */
  file: string;
  /** As written, whether it fits the schema or not. */
  raw: unknown;
  /** Null when it does not fit the schema; `problems` say why. */
  value: T | null;
  problems: ContentProblem[];
  /** A problem of a field; without a path, of the file. */
  at(path: FieldPath, message: string): ContentProblem;
}

/** Reads one file and checks it against its schema; never throws for what an author wrote. */
export async function readSourceDocument<S extends z.ZodType>(
  contentFolder: string,
  file: string,
  schema: S,
): Promise<SourceDocument<z.output<S>>> {
  const read = await readTextFile(join(contentFolder, file), MAX_FILE_BYTES);
  if ('refused' in read) {
    const fault = (message: string): ContentProblem => ({ file, line: null, field: null, message });
    const message = read.refused.includes('ENOENT') ? 'is missing' : read.refused;
    return { file, raw: undefined, value: null, problems: [fault(message)], at: (_, said) => fault(said) };
  }
  const lines = new LineCounter();
  const document = parseDocument(read.content, { lineCounter: lines, prettyErrors: false });
  const at = (path: FieldPath, message: string): ContentProblem => ({
    file,
    line: lineOf(document, lines, path),
    field: path.length === 0 ? null : renderField(path),
    message,
  });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const problems = broken.map(({ pos, message }) => ({
      file,
      line: lines.linePos(pos[0]).line,
      field: null,
      message,
    }));
    return { file, raw: undefined, value: null, problems, at };
  }
  // Nothing of ours needs an alias; a few of them can make a document of any size.
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { file, raw: undefined, value: null, problems: [at([], 'must not use aliases (&, *)')], at };
  }
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (parsed.success) return { file, raw, value: parsed.data, problems: [], at };
  const problems = parsed.error.issues.flatMap(describeIssue).map(({ path, message }) => at(path, message));
  return { file, raw, value: null, problems, at };
}
