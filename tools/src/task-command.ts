import { parseArgs } from 'node:util';
import { type GateResult, verifyTask } from '@assay/grading';
import type { SandboxEngine, WallName } from '@assay/sandbox';
import { contentHash, findTask, loadTask, writeReceipt } from '@assay/tasks';
import { type GradingEnvironment, readWallName } from './grading-environment.js';
import { createProgressLine } from './progress-line.js';

const USAGE =
  'usage: npm run task -- verify <task id or folder…> [--engine bwrap|crun|runc|runsc] [--runs N]';
const DEFAULT_RUNS = 3;
const MAX_RUNS = 100;

const VERIFIED = 0;
const REFUSED = 1;
const USAGE_ERROR = 2;

interface Wanted {
  tasks: string[];
  runs: number;
  engine: WallName | undefined;
}

function parse(args: string[]): Wanted | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { engine: { type: 'string' }, runs: { type: 'string' } },
    });
    const [command, ...tasks] = positionals;
    const runs = Number(values.runs ?? DEFAULT_RUNS);
    const valid =
      command === 'verify' && tasks.length > 0 && Number.isInteger(runs) && runs >= 1 && runs <= MAX_RUNS;
    const engine = values.engine === undefined ? undefined : readWallName(values.engine);
    return valid ? { tasks, runs, engine } : null;
  } catch {
    return null;
  }
}

function renderGate(id: string, gate: GateResult): string {
  const facts = [
    `  reference  ${gate.reference.runs} runs, lowest score ${gate.reference.score ?? 'not graded'}`,
    `  starter    score ${gate.starter.score ?? 'not graded'}, ${gate.starter.started ? 'starts' : 'does not start'}`,
    ...gate.mutants.map(
      ({ name, failed }) => `  mutant     ${name}: fails ${failed.join(', ') || 'nothing'}`,
    ),
  ];
  const verdict = gate.passed ? `${id}: verified on ${gate.engine}` : `${id}: refused`;
  return [verdict, ...facts, ...gate.problems.map((problem) => `  problem    ${problem}`), ''].join('\n');
}

async function verifyOne(
  wanted: string,
  runs: number,
  engine: SandboxEngine,
  environment: GradingEnvironment,
) {
  const folder = await findTask(environment.contentFolder, wanted);
  const bundle = await loadTask(folder);
  const { id: task, version, node } = bundle.manifest;
  if (node !== undefined) await environment.installNode(node);
  const progress = createProgressLine(environment.stderr);
  const gate = await verifyTask(engine, bundle, {
    runs,
    signal: environment.signal,
    onProgress: ({ index, total, subject }) => progress.show(`${task}: [${index}/${total}] ${subject}`),
  });
  progress.clear();
  environment.stdout.write(renderGate(task, gate));
  if (gate.passed && gate.engine !== null) {
    const verifiedAt = new Date().toISOString();
    await writeReceipt(folder, {
      task,
      version,
      contentHash: contentHash(bundle),
      runs,
      engine: gate.engine,
      verifiedAt,
    });
  }
  return gate.passed;
}

/**
 * The `task` command; answers its exit code: 0 every task verified and its receipt written, 1 a task was refused or could
 * not be run, 2 wrong usage. A refused task keeps its old receipt: its hash no longer fits, or the gate is not steady.
 */
export async function runTask(args: string[], environment: GradingEnvironment): Promise<number> {
  const wanted = parse(args);
  if (wanted === null) {
    environment.stderr.write(`${USAGE}\n`);
    return USAGE_ERROR;
  }
  let engine: SandboxEngine | null = null;
  let refused = 0;
  try {
    engine = await environment.openEngine(wanted.engine);
    for (const task of wanted.tasks) {
      if (environment.signal.aborted) break;
      const verified = await verifyOne(task, wanted.runs, engine, environment).catch((error: unknown) => {
        environment.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        return false;
      });
      if (!verified) refused += 1;
    }
    return refused === 0 && !environment.signal.aborted ? VERIFIED : REFUSED;
  } catch (error) {
    environment.stderr.write(`cannot verify: ${error instanceof Error ? error.message : String(error)}\n`);
    return REFUSED;
  } finally {
    await engine?.close();
  }
}
