import { SourceFile } from '@assay/contracts';
import { z } from 'zod';
import { TaskManifest } from './manifest.js';

/** Caps on what a task may hold; they also bound what unpacking may allocate. */
export const BUNDLE_CAPS = {
  fileBytes: 256 * 1024,
  filesPerFolder: 200,
  totalBytes: 4 * 1024 * 1024,
} as const;

const Files = z.array(SourceFile).max(BUNDLE_CAPS.filesPerFolder);

export const TaskBundle = z.strictObject({
  manifest: TaskManifest,
  /** Markdown, shown to candidates. */
  brief: z.string().min(1),
  starter: Files,
  reference: Files,
  /** Paths relative to `checks/`. */
  checks: Files,
  mutants: z.array(z.strictObject({ name: z.string(), files: Files.min(1) })),
});
/** A whole task in memory; every list of files is sorted by path. Holds the hidden checks: never send it to a browser. */
export type TaskBundle = z.infer<typeof TaskBundle>;

/** The files of a mutant: the reference with the mutant's files laid over it. Throws `RangeError` for an unknown name. */
export function applyMutant(bundle: TaskBundle, name: string): SourceFile[] {
  const mutant = bundle.mutants.find((candidate) => candidate.name === name);
  if (!mutant) throw new RangeError(`the task ${bundle.manifest.id} has no mutant ${name}`);
  const files = new Map(bundle.reference.map((file) => [file.path, file]));
  for (const file of mutant.files) files.set(file.path, file);
  return [...files.values()].sort(byPath);
}

/** Code-unit order: the same on every machine, unlike a locale's. */
export function byPath(a: { path: string }, b: { path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
