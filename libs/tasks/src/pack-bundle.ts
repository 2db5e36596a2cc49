import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { BUNDLE_CAPS, byPath, TaskBundle } from './bundle.js';
import { type Contradiction, fileContradictions, manifestContradictions } from './bundle-consistency.js';
import { describeIssue } from './issue-text.js';
import { TaskInvalid, type TaskProblem } from './task-invalid.js';
import { renderField } from './yaml-positions.js';

const FORMAT = 'assay-task/1';

/** JSON escapes at most double most text; what is larger was not packed by us. */
const MAX_UNPACKED_BYTES = 3 * BUNDLE_CAPS.totalBytes;
/** Byte 9 of a gzip header names the operating system; 255 ("unknown") keeps packs equal across machines. */
const GZIP_OS_BYTE = 9;

const PackedBundle = z.strictObject({ format: z.literal(FORMAT), bundle: TaskBundle });

/** JSON with sorted keys, so that equal content gives equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function canonicalContent(bundle: TaskBundle): string {
  const sorted: TaskBundle = {
    ...bundle,
    starter: [...bundle.starter].sort(byPath),
    reference: [...bundle.reference].sort(byPath),
    checks: [...bundle.checks].sort(byPath),
    mutants: bundle.mutants
      .map(({ name, files }) => ({ name, files: [...files].sort(byPath) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
  return canonicalJson({ format: FORMAT, bundle: sorted });
}

/** sha256 (hex) over everything a task holds but its receipt; independent of file order and of YAML's layout. */
export function contentHash(bundle: TaskBundle): string {
  return createHash('sha256').update(canonicalContent(bundle)).digest('hex');
}

/** The bundle as one gzip'd JSON document; equal content gives equal bytes. */
export function packBundle(bundle: TaskBundle): Buffer {
  const packed = gzipSync(canonicalContent(bundle), { level: 9 });
  packed[GZIP_OS_BYTE] = 255;
  return packed;
}

const fault = (message: string, field: string | null = null): TaskProblem => ({
  file: 'the packed bundle',
  line: null,
  field,
  message,
});

const asFault = ({ path, file, message }: Contradiction): TaskProblem =>
  path === null ? { ...fault(message), file } : fault(message, renderField(path));

function parseJson(buffer: Buffer): unknown {
  try {
    return JSON.parse(gunzipSync(buffer, { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8'));
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'; // zlib and JSON throw errors only
    const why = tooLarge ? 'unpacks to more than a task may hold' : 'is not a packed task';
    throw new TaskInvalid('(packed)', [fault(why)]);
  }
}

/** The reverse of `packBundle`. Throws `TaskInvalid`; never allocates more than a few times a task's caps. */
export function unpackBundle(buffer: Buffer): TaskBundle {
  if (buffer.length > BUNDLE_CAPS.totalBytes)
    throw new TaskInvalid('(packed)', [fault('is larger than a task may be')]);
  const parsed = PackedBundle.safeParse(parseJson(buffer), { reportInput: true });
  if (!parsed.success) {
    const problems = parsed.error.issues
      .flatMap(describeIssue)
      .map(({ path, message }) => fault(message, renderField(path)));
    throw new TaskInvalid('(packed)', problems);
  }
  const { bundle } = parsed.data;
  const contradictions = [...manifestContradictions(bundle.manifest), ...fileContradictions(bundle)];
  if (contradictions.length > 0) throw new TaskInvalid(bundle.manifest.id, contradictions.map(asFault));
  return bundle;
}
