import { createHash } from 'node:crypto';
import { COMPETENCIES } from '@assay/contracts';
import { Content } from '@assay/contracts/content';
import { canonicalJson } from '@assay/tasks';
import { incompleteness } from './completeness.js';
import { type ContentProblem, renderContentProblem, sortProblems } from './content-problem.js';
import { languageProblems } from './language.js';
import { type ContentSources, readSources } from './read-sources.js';
import { brokenReferences } from './references.js';

/** The content cannot be used as it is; `problems` lists everything found, not only the first. */
export class ContentInvalid extends Error {
  override name = 'ContentInvalid';
  constructor(readonly problems: readonly ContentProblem[]) {
    super(
      `the content is not valid:\n${problems.map((each) => `  ${renderContentProblem(each)}`).join('\n')}`,
    );
  }
}

/**
 * Reads and checks all written content below `contentFolder` (the repository's `content/`): shape, references,
 * completeness, language. Throws `ContentInvalid` with every problem.
 */
export async function loadContent(contentFolder: string): Promise<Content> {
  const sources = await readSources(contentFolder);
  const { competencies, levels, questions, picking, feedback, screening, strays } = sources;
  const documents = [...competencies, levels, ...questions, picking, ...feedback, screening];
  const problems = sortProblems([
    ...documents.flatMap((document) => document.problems),
    ...strays,
    ...brokenReferences(sources),
    ...incompleteness(sources),
    ...languageProblems(sources),
  ]);
  if (problems.length > 0) throw new ContentInvalid(problems);
  return Content.parse(assemble(sources));
}

/** The whole as it is published, in orders that do not depend on names of files. */
function assemble({ competencies, levels, questions, picking, feedback, screening }: ContentSources) {
  const byId = new Map(questions.map(({ value }) => [value?.id, value]));
  return {
    competencies: COMPETENCIES.map((id) => competencies.find(({ value }) => value?.id === id)?.value),
    levels: levels.value,
    questions: picking.value?.questions.map((id) => byId.get(id)),
    picking: picking.value,
    feedback: COMPETENCIES.map((id) => feedback.find(({ value }) => value?.competency === id)?.value),
    screening: screening.value,
  };
}

/** sha256 (hex) over all written content; independent of YAML's layout and of the order of keys. */
export function writtenContentHash(content: Content): string {
  return createHash('sha256')
    .update(canonicalJson({ format: 'assay-content/1', content }))
    .digest('hex');
}
