import { readFile } from 'node:fs/promises';
import { ContentInvalid, loadContent, renderContentProblem } from '@assay/content';
import type { Content } from '@assay/contracts/content';
import { type Kit, pickKit } from '@assay/core/interviewing';
import { z } from 'zod';
import { EvidenceFile, evidenceFrom } from './evidence-file.js';

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

/**
 * The `content` command; answers its exit code: 0 fine, 1 the content or the evidence is not valid, 2 wrong usage.
 * Every problem goes to stdout as `file:line: what is wrong`.
 */
export async function runContent(args: string[], environment: ContentEnvironment): Promise<number> {
  const { stdout, stderr } = environment;
  const [command, file, ...rest] = args;
  const isKit = command === 'kit' && file !== undefined && rest.length === 0;
  if (!isKit && !(command === 'verify' && file === undefined)) {
    stderr.write(`${USAGE}\n`);
    return USAGE_ERROR;
  }
  const content = await read(environment);
  if (content === null) return REFUSED;
  if (isKit) return printKit(file, content, environment);
  const { competencies, questions, picking } = content;
  stdout.write(
    `verified: ${competencies.length} competencies, ${questions.length} questions, ${picking.rules.length} rules\n`,
  );
  return FINE;
}

async function read({ contentFolder, stdout, stderr }: ContentEnvironment): Promise<Content | null> {
  try {
    return await loadContent(contentFolder);
  } catch (error) {
    if (!(error instanceof ContentInvalid)) throw error;
    for (const problem of error.problems) stdout.write(`content/${renderContentProblem(problem)}\n`);
    stderr.write(`${error.problems.length} problems\n`);
    return null;
  }
}

async function printKit(
  file: string,
  content: Content,
  { stdout, stderr }: ContentEnvironment,
): Promise<number> {
  const evidence = await readEvidence(file);
  if ('refused' in evidence) {
    stderr.write(`${file} is no evidence: ${evidence.refused}\nIts shape is explained in docs/content.md.\n`);
    return REFUSED;
  }
  stdout.write(renderKit(pickKit(evidenceFrom(evidence), content), content));
  return FINE;
}

async function readEvidence(file: string): Promise<z.infer<typeof EvidenceFile> | { refused: string }> {
  try {
    const parsed = EvidenceFile.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.success ? parsed.data : { refused: z.prettifyError(parsed.error) };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

function renderKit({ items, shortfall }: Kit, { competencies, questions }: Content): string {
  const lines = items.flatMap(({ questionId, competency, slot, opening, reason, evidence }, i) => {
    const name = competencies.find(({ id }) => id === competency)?.name;
    const { purpose, followUps = [] } = questions.find(({ id }) => id === questionId) ?? {};
    return [
      `${i + 1}. ${questionId} — ${name} (${slot})`,
      `   Ask:      ${opening}`,
      `   Why:      ${reason}`,
      `   Purpose:  ${purpose}`,
      ...followUps.map((followUp) => `   Then:     ${followUp}`),
      ...(evidence.length > 0
        ? [
            `   Evidence: ${evidence.map(({ taskId, check, verdict }) => `${taskId}/${check} ${verdict}`).join(', ')}`,
          ]
        : []),
      '',
    ];
  });
  return `${[...lines, ...(shortfall === null ? [] : [shortfall, ''])].join('\n')}`;
}
