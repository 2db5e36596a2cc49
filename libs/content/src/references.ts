import { PROBES } from '@assay/tasks';
import type { FieldPath } from '@assay/tasks/yaml';
import type { ContentProblem } from './content-problem.js';
import { type ContentSources, nameInFile } from './read-sources.js';
import type { SourceDocument } from './source-document.js';

/** What a document names, by the last part of the field that names it. */
const REFERENCES = {
  competency: 'competency',
  competencies: 'competency',
  question: 'question',
  questions: 'question',
  task: 'task',
  probe: 'probe',
} as const;
type Kind = (typeof REFERENCES)[keyof typeof REFERENCES];

const FOUND_IN: Record<Kind, string> = {
  competency: 'no competency has that id: there is no competencies/%.yaml',
  question: 'no question has that id: there is no interviews/%.yaml',
  task: 'no task has that id: there is no tasks/%/task.yaml',
  probe: `no probe is called that: there are ${PROBES.map(({ probe }) => probe).join(', ')}`,
};

interface Named {
  kind: Kind;
  id: string;
  path: FieldPath;
}

/** Every reference below a value. Lists of ids belong to the field that holds the list. */
function* referencesIn(value: unknown, path: FieldPath = [], field = ''): Generator<Named> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* referencesIn(item, [...path, i], field);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* referencesIn(inner, [...path, key], key);
  } else if (typeof value === 'string' && Object.hasOwn(REFERENCES, field)) {
    // Object.hasOwn has just said so.
    yield { kind: REFERENCES[field as keyof typeof REFERENCES], id: value, path };
  }
}

const idsOf = (documents: readonly SourceDocument<unknown>[]) =>
  new Set(documents.map(({ file }) => nameInFile(file)));

/** Ids that lead nowhere, each where it is written. Raw values are read too, so that one broken field hides no other. */
export function brokenReferences(sources: ContentSources): ContentProblem[] {
  const known: Record<Kind, Set<string>> = {
    competency: idsOf(sources.competencies),
    question: idsOf(sources.questions),
    task: new Set(sources.tasks.map(({ file }) => file.split('/')[1] ?? '')),
    probe: new Set(PROBES.map(({ probe }) => probe)),
  };
  const { questions, picking, feedback, screening, tasks } = sources;
  const found = [...questions, picking, ...feedback, screening].flatMap((source) => {
    // What an interviewer asks is a text, although the field is called as a reference is.
    const isQuestion = (questions as readonly unknown[]).includes(source);
    return [...referencesIn(source.raw)]
      .filter(({ kind, id }) => !(isQuestion && kind === 'question') && !known[kind].has(id))
      .map(({ kind, id, path }) => source.at(path, sentence(kind, id)));
  });
  const ofTasks = tasks.flatMap((source) =>
    [...referencesIn(source.raw)]
      .filter(({ kind, id }) => kind === 'competency' && !known.competency.has(id))
      .map(({ kind, id, path }) => source.at(path, sentence(kind, id))),
  );
  return [...found, ...ofTasks, ...brokenSelectors(sources)];
}

const sentence = (kind: Kind, id: string) => `names "${id}", but ${FOUND_IN[kind].replace('%', id)}`;

/** Selectors that no check can ever meet. */
function brokenSelectors({ picking, tasks }: ContentSources): ContentProblem[] {
  const checks = tasks.flatMap(({ value }) =>
    (value?.checks.hidden ?? []).map(({ name, probe }) => ({ task: value?.id, name, probe })),
  );
  // A task that is still to come has its probes under these names.
  const probed = PROBES.map(({ probe, checkName }) => ({ task: undefined, name: checkName, probe }));
  return (picking.value?.rules ?? []).flatMap(({ when }, rule) =>
    when.flatMap(({ task, check }, i) => {
      if (check === undefined) return [];
      const isThere =
        task === undefined ? [...checks, ...probed] : checks.filter((each) => each.task === task);
      if (isThere.some(({ name }) => name === check)) return [];
      const where = task === undefined ? 'no task has' : `the task ${task} has no`;
      const message =
        task === undefined
          ? `names "${check}", but ${where} a hidden check of that name`
          : `names "${check}", but ${where} hidden check of that name`;
      return [picking.at(['rules', rule, 'when', i, 'check'], message)];
    }),
  );
}
