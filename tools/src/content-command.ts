import { ContentInvalid, loadContent, renderContentProblem } from '@assay/content';

const USAGE = 'usage: npm run content -- verify | kit <evidence.json>';
const FINE = 0;
const REFUSED = 1;
const USAGE_ERROR = 2;

/** Where the command reads and writes. */
export interface ContentEnvironment {
  contentFolder: string;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/** The `content` command; answers its exit code: 0 fine, 1 what it read is not valid, 2 wrong usage. */
export async function runContent(args: string[], environment: ContentEnvironment): Promise<number> {
  const [command, ...rest] = args;
  if (command === 'verify' && rest.length === 0) return verify(environment);
  environment.stderr.write(`${USAGE}\n`);
  return USAGE_ERROR;
}

async function verify({ contentFolder, stdout, stderr }: ContentEnvironment): Promise<number> {
  try {
    const content = await loadContent(contentFolder);
    const { competencies, questions, picking } = content;
    stdout.write(
      `verified: ${competencies.length} competencies, ${questions.length} questions, ${picking.rules.length} rules\n`,
    );
    return FINE;
  } catch (error) {
    if (!(error instanceof ContentInvalid)) throw error;
    for (const problem of error.problems) stdout.write(`content/${renderContentProblem(problem)}\n`);
    stderr.write(`${error.problems.length} problems\n`);
    return REFUSED;
  }
}
