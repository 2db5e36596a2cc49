import type { SourceFile } from '@assay/contracts';
import type { TaskBundle } from './bundle.js';
import { entryFile, sidecarsOf, type TaskManifest } from './manifest.js';
import type { FieldPath } from './yaml-positions.js';

/** A contradiction inside a bundle. `path` leads into the manifest; null means the named file or folder. */
export interface Contradiction {
  path: FieldPath | null;
  file: string;
  message: string;
}

const MANIFEST = 'task.yaml';

function repeatedNames(list: readonly { name: string }[], path: FieldPath): Contradiction[] {
  const seen = new Set<string>();
  return list.flatMap(({ name }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: [...path, index, 'name'], file: MANIFEST, message: `repeats the name ${name}` }];
  });
}

/** What the manifest alone can contradict: repeated names, mutants that fail unknown checks, foreign competencies. */
export function manifestContradictions(manifest: TaskManifest): Contradiction[] {
  const hidden = new Set(manifest.checks.hidden.map(({ name }) => name));
  const declared = new Set(manifest.competencies);
  return [
    ...repeatedNames(manifest.checks.sample, ['checks', 'sample']),
    ...repeatedNames(manifest.checks.hidden, ['checks', 'hidden']),
    ...repeatedNames(manifest.mutants, ['mutants']),
    ...(['sample', 'hidden'] as const).flatMap((set) =>
      manifest.checks[set].flatMap(({ competency }, index) =>
        declared.has(competency)
          ? []
          : [
              {
                path: ['checks', set, index, 'competency'],
                file: MANIFEST,
                message: `is ${competency}, which the task's competencies do not list`,
              },
            ],
      ),
    ),
    ...manifest.mutants.flatMap(({ fails }, mutant) =>
      fails.flatMap((name, index) =>
        hidden.has(name)
          ? []
          : [
              {
                path: ['mutants', mutant, 'fails', index],
                file: MANIFEST,
                message: `names ${name}, which is not a hidden check`,
              },
            ],
      ),
    ),
  ];
}

function missing(files: readonly SourceFile[], folder: string, path: string): Contradiction[] {
  if (files.some((file) => file.path === path)) return [];
  return [{ path: null, file: `${folder}/${path}`, message: 'is missing' }];
}

function repeatedPaths(files: readonly SourceFile[], folder: string): Contradiction[] {
  const paths = files.map(({ path }) => path);
  return paths
    .filter((path, index) => paths.indexOf(path) !== index)
    .map((path) => ({ path: null, file: `${folder}/${path}`, message: 'is there twice' }));
}

/** What the files contradict: the entry file, the two check files, a folder for each mutant and no other. */
export function fileContradictions(bundle: TaskBundle): Contradiction[] {
  const { manifest, starter, reference, checks, mutants } = bundle;
  const entry = entryFile(manifest);
  const schema = sidecarsOf(manifest).postgres?.schema;
  const folders = new Map(mutants.map(({ name, files }) => [name, files]));
  const declared = new Set(manifest.mutants.map(({ name }) => name));
  return [
    ...missing(starter, 'starter', entry),
    ...missing(reference, 'reference', entry),
    ...(schema === undefined ? [] : missing(starter, 'starter', schema)),
    ...missing(checks, 'checks', 'sample.mjs'),
    ...missing(checks, 'checks', 'hidden.mjs'),
    ...repeatedPaths(starter, 'starter'),
    ...repeatedPaths(reference, 'reference'),
    ...repeatedPaths(checks, 'checks'),
    ...mutants.flatMap(({ name, files }) => repeatedPaths(files, `mutants/${name}`)),
    ...repeatedNames(mutants, ['mutants']),
    ...manifest.mutants.flatMap(({ name }, index) =>
      folders.has(name)
        ? []
        : [{ path: ['mutants', index, 'name'], file: MANIFEST, message: `has no files in mutants/${name}/` }],
    ),
    ...mutants.flatMap(({ name }) =>
      declared.has(name)
        ? []
        : [{ path: null, file: `mutants/${name}`, message: 'is not among the mutants of task.yaml' }],
    ),
  ];
}
