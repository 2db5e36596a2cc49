import type { FieldPath } from '@assay/tasks/yaml';
import type { ContentProblem } from './content-problem.js';
import type { ContentSources } from './read-sources.js';
import type { SourceDocument } from './source-document.js';

/** Fields that hold ids, or an address. */
const NO_LANGUAGE = [
  ...['id', 'competency', 'competencies', 'task', 'check', 'probe', 'kind', 'verdict', 'slot', 'link'],
  // What others write, in any spelling.
  ...['terms', 'mentions', 'lacks'],
];
/** Fields that hold names and phrases rather than sentences. */
const PHRASES = ['name', 'signal', 'what', 'ignore'];

const UNFINISHED = /\b(?:TODO|TBD|FIXME|XXX|lorem ipsum)\b/i;
/** British English with -ise throughout, as everywhere in the product. */
const AMERICAN =
  /\b(?:behavior|color|favor|honor|labor(?!at|io)|neighbor|center|defense|offense|analyz|catalog\b|canceled|canceling|modeling|labeled|traveled|fulfill\b|gray\b)\w*/i;
const WITH_Z =
  /\b(?!(?:re|over|under)?siz|priz|seiz|capsiz)\w{2,}iz(?:e|es|ed|er|ers|ing|ation|ations|able)\b/i;

/** What is not good English in the written content, as far as a program can tell. */
export function languageProblems(sources: ContentSources): ContentProblem[] {
  const { competencies, levels, questions, picking, feedback, screening } = sources;
  return [
    ...[...competencies, levels, ...feedback, screening].flatMap((source) => inDocument(source)),
    ...questions.flatMap((source) => inDocument(source)),
    ...inDocument(picking, [...NO_LANGUAGE, 'question', 'questions']),
  ];
}

function inDocument({ value, at }: SourceDocument<unknown>, skipped = NO_LANGUAGE): ContentProblem[] {
  return [...textsIn(value, skipped)].flatMap(({ text, path, field }) =>
    [...complaints(text, PHRASES.includes(field))].map((message) => at(path, message)),
  );
}

function* textsIn(
  value: unknown,
  skipped: readonly string[],
  path: FieldPath = [],
  field = '',
): Generator<{ text: string; path: FieldPath; field: string }> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* textsIn(item, skipped, [...path, i], field);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (!skipped.includes(key)) yield* textsIn(inner, skipped, [...path, key], key);
    }
  } else if (typeof value === 'string') yield { text: value, path, field };
}

function* complaints(text: string, isPhrase: boolean): Generator<string> {
  if (text.trim() === '') {
    yield 'is empty';
    return;
  }
  if (text !== text.trim()) yield 'begins or ends with a blank or an empty line (write >- instead of > or |)';
  if (/\S {2,}\S/.test(text)) yield 'has two blanks in a row';
  if (/\n/.test(text.trim())) yield 'has several lines: write one paragraph (>-)';
  const words = text.replaceAll(/`[^`]*`/g, '`code`');
  const unfinished = UNFINISHED.exec(words);
  if (unfinished) yield `is unfinished ("${unfinished[0]}")`;
  const foreign = AMERICAN.exec(words) ?? WITH_Z.exec(words);
  if (foreign) yield `has "${foreign[0]}": everything here is in British English`;
  if (isPhrase) {
    if (/[.!?]$/.test(text.trim())) yield 'ends like a sentence, but is a name or a phrase';
    return;
  }
  if (!/[.?!]["”’')]?$/.test(text.trim())) yield 'must end like a sentence';
  if (!/^["“‘'(`{]?[\p{Lu}\p{N}`{]/u.test(text.trim())) yield 'must begin like a sentence';
}
