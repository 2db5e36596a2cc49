import { COMPETENCIES, type Competency, LEVELS } from '@assay/contracts';
import { KIT_SLOTS, PLACEHOLDERS, SCORES, STRENGTHS } from '@assay/contracts/content';
import type { FieldPath } from '@assay/tasks/yaml';
import type { ContentProblem } from './content-problem.js';
import { type ContentSources, nameInFile } from './read-sources.js';
import type { SourceDocument } from './source-document.js';

/** What is not there, there twice, or in an order that says something else. */
export function incompleteness(sources: ContentSources): ContentProblem[] {
  return [
    ...eachCompetencyIn('competencies', sources.competencies),
    ...eachCompetencyIn('feedback', sources.feedback),
    ...misnamed(sources.competencies, (text) => text.id, 'id'),
    ...misnamed(sources.questions, (text) => text.id, 'id'),
    ...misnamed(sources.feedback, (text) => text.competency, 'competency'),
    ...sources.competencies.flatMap((source) => pointProblems(source, 'scale', source.value?.scale)),
    ...sources.questions.flatMap((source) => pointProblems(source, 'answers', source.value?.answers)),
    ...mustBe(
      sources.levels,
      [],
      sources.levels.value?.map(({ id }) => id),
      LEVELS,
    ),
    ...seeds(sources),
    ...pickingProblems(sources),
    ...mustBe(
      sources.screening,
      ['strengths'],
      sources.screening.value?.strengths.map(({ strength }) => strength),
      STRENGTHS,
    ),
    ...unknownScreeningPlaceholders(sources),
  ];
}

function eachCompetencyIn(folder: string, documents: readonly SourceDocument<unknown>[]): ContentProblem[] {
  const names = documents.map(({ file }) => nameInFile(file));
  return COMPETENCIES.filter((competency) => !names.includes(competency)).map((competency) => ({
    file: `${folder}/${competency}.yaml`,
    line: null,
    field: null,
    message: 'is missing',
  }));
}

function misnamed<T>(
  documents: readonly SourceDocument<T>[],
  idOf: (value: T) => string,
  field: string,
): ContentProblem[] {
  return documents.flatMap(({ file, value, at }) => {
    if (value === null || idOf(value) === nameInFile(file)) return [];
    return [at([field], `is "${idOf(value)}", but the file is called ${nameInFile(file)}.yaml`)];
  });
}

function mustBe<T>(
  { at }: SourceDocument<unknown>,
  path: FieldPath,
  given: readonly T[] | undefined,
  wanted: readonly T[],
): ContentProblem[] {
  if (given === undefined || given.join() === wanted.join()) return [];
  return [at(path, `must be ${wanted.join(', ')}, in this order; it is ${given.join(', ') || 'empty'}`)];
}

const pointProblems = (
  source: SourceDocument<unknown>,
  field: string,
  points: readonly { score: number }[] | undefined,
) =>
  mustBe(
    source,
    [field],
    points?.map(({ score }) => score),
    [...SCORES],
  );

/** Each competency has exactly one question for when nothing is known. */
function seeds({ questions }: ContentSources): ContentProblem[] {
  return COMPETENCIES.flatMap((competency: Competency) => {
    // As written: a question with another fault is there all the same.
    const own = questions.filter(({ raw }) => fieldOf(raw, 'competency') === competency);
    const seeded = own.filter(({ raw }) => fieldOf(raw, 'isSeed') === true);
    const [first, second] = seeded;
    if (second) {
      return seeded
        .slice(1)
        .map(({ at }) => at(['isSeed'], `is true, but ${first?.file} is the seed of ${competency} already`));
    }
    if (first) return [];
    const message =
      own.length === 0
        ? `has no question on ${competency}`
        : `has no question on ${competency} with isSeed: true; one of ${own.map(({ file }) => file).join(', ')} must`;
    return [{ file: 'interviews', line: null, field: null, message }];
  });
}

const fieldOf = (raw: unknown, field: string) =>
  Object.getOwnPropertyDescriptor(Object(raw), field)?.value as unknown;

function pickingProblems({ picking, questions }: ContentSources): ContentProblem[] {
  const { value, at } = picking;
  if (value === null) return [];
  const listed = new Set(value.questions);
  const unlisted = questions
    .filter(({ file }) => !listed.has(nameInFile(file)))
    .map((question) => question.at(['id'], `is not listed in ${picking.file} under questions`));
  const slots = value.kit.map(({ slot }) => slot);
  const missing = KIT_SLOTS.filter((slot) => !slots.includes(slot)).map((slot) =>
    at(['kit'], `has no slot "${slot}"`),
  );
  const weakest = slots.filter((slot) => slot === 'weakest').length;
  return [
    ...unlisted,
    ...repeated(value.questions).map((i) => at(['questions', i], 'is listed twice')),
    ...missing,
    ...(weakest === 2 || missing.length > 0 ? [] : [at(['kit'], 'must have the slot "weakest" twice')]),
    ...repeated(value.rules.map(({ signal }) => signal)).map((i) =>
      at(['rules', i, 'signal'], 'is the signal of another rule already'),
    ),
    ...value.rules.flatMap(({ openings, because }, i) => [
      ...openings.flatMap((text, j) => unknownPlaceholders(text, at, ['rules', i, 'openings', j])),
      ...because.flatMap((text, j) => unknownPlaceholders(text, at, ['rules', i, 'because', j])),
      ...(/\{\w+\}/.test(openings.at(-1) ?? '')
        ? [
            at(
              ['rules', i, 'openings', openings.length - 1],
              'must have no placeholder: it is the last resort',
            ),
          ]
        : []),
    ]),
    ...unknownPlaceholders(value.strong.opening, at, ['strong', 'opening'], []),
  ];
}

/** The positions of those that stand before already. */
const repeated = (texts: readonly string[]) =>
  texts.flatMap((text, i) => (texts.indexOf(text) < i ? [i] : []));

function unknownPlaceholders(
  text: string,
  at: SourceDocument<unknown>['at'],
  path: FieldPath,
  known: readonly string[] = PLACEHOLDERS,
): ContentProblem[] {
  return [...text.matchAll(/\{(\w*)\}/g)]
    .filter(([, name = '']) => !known.includes(name))
    .map(([placeholder]) =>
      at(
        path,
        `has ${placeholder}; ${known.length === 0 ? 'none is' : `known are ${known.join(', ')}, nothing else is`} filled in here`,
      ),
    );
}

function unknownScreeningPlaceholders({ screening: { value, at } }: ContentSources): ContentProblem[] {
  return Object.entries(value?.questions ?? {}).flatMap(([field, texts]) =>
    texts.flatMap((text, i) => unknownPlaceholders(text, at, ['questions', field, i], ['competency'])),
  );
}
