import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isArchiveName, readArchive } from '@assay/archive';
import type { SourceFile } from '@assay/contracts';
import { type GradingResult, gradeSolution } from '@assay/grading';
import type { SandboxEngine, WallName } from '@assay/sandbox';
import { findTask, loadTask, readSolution, SOLUTION_CAPS, type TaskBundle } from '@assay/tasks';
import { type GradingEnvironment, readWallName } from './grading-environment.js';
import { renderGrading } from './grading-table.js';
import { createProgressLine } from './progress-line.js';

const USAGE =
  'usage: npm run grade -- <task id or folder> <solution folder, .zip or .tgz> [--engine bwrap|crun|runc|runsc] [--json]';

/** Far above any archive of what SOLUTION_CAPS lets in. */
const MAX_ARCHIVE_BYTES = 16 * 1024 * 1024;

/** Exit codes that scripts rely on. */
const GRADED = 0;
const NOT_GRADED = 2;

interface Wanted {
  task: string;
  solution: string;
  engine: WallName | undefined;
  json: boolean;
}

function parse(args: string[]): Wanted | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { engine: { type: 'string' }, json: { type: 'boolean' } },
    });
    const [task, solution, ...rest] = positionals;
    if (task === undefined || solution === undefined || rest.length > 0) return null;
    const engine = values.engine === undefined ? undefined : readWallName(values.engine);
    return { task, solution, engine, json: values.json ?? false };
  } catch {
    return null;
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The machine-readable form; its fields are a promise to scripts. */
function toJson(result: GradingResult): string {
  const { task, version, engine, outcome, score, checks } = result;
  const fields = checks.map(({ name, verdict, competency, level, weight, kind, ms }) => ({
    name,
    verdict,
    competency,
    level,
    weight,
    kind,
    ms,
  }));
  return `${JSON.stringify({ task, version, engine: engine?.engine ?? 'unavailable', outcome, score, checks: fields }, null, 2)}\n`;
}

/** Of a folder, or of an archive, which is read in memory. Rejects with what is wrong with it. */
async function readFiles(solution: string): Promise<SourceFile[]> {
  const entry = await stat(solution).catch(() => null);
  if (!isArchiveName(solution) || entry?.isFile() !== true) return readSolution(solution);
  if (entry.size > MAX_ARCHIVE_BYTES) throw new Error(`${solution} is too large: leave node_modules out`);
  return readArchive(await readFile(solution), SOLUTION_CAPS);
}

/** Never rejects: what keeps a solution from being graded is the result's reason. */
async function grade(
  wanted: Wanted,
  bundle: TaskBundle,
  environment: GradingEnvironment,
): Promise<GradingResult> {
  const progress = createProgressLine(environment.stderr);
  const seed = randomBytes(8).toString('hex');
  let engine: SandboxEngine | null = null;
  try {
    const files = await readFiles(wanted.solution);
    const { node } = bundle.manifest;
    if (node !== undefined) await environment.installNode(node);
    engine = await environment.openEngine(wanted.engine);
    return await gradeSolution({
      engine,
      bundle,
      files,
      checks: 'hidden',
      seed,
      signal: environment.signal,
      onProgress: ({ index, total, name, verdict }) =>
        progress.show(`[${index}/${total}] ${name}: ${verdict.replaceAll('_', ' ')}`),
    });
  } catch (error) {
    const { id: task, version } = bundle.manifest;
    const reason = reasonOf(error);
    return {
      task,
      version,
      seed,
      engine: null,
      outcome: 'platform_failure',
      reason,
      score: null,
      checks: [],
      output: '',
    };
  } finally {
    progress.clear();
    await engine?.close();
  }
}

/** The `grade` command; answers its exit code: 0 graded (whatever the score), 2 could not grade. */
export async function runGrade(args: string[], environment: GradingEnvironment): Promise<number> {
  const { stdout, stderr } = environment;
  const wanted = parse(args);
  if (wanted === null) {
    stderr.write(`${USAGE}\n`);
    return NOT_GRADED;
  }
  let bundle: TaskBundle;
  try {
    bundle = await loadTask(await findTask(environment.contentFolder, wanted.task));
  } catch (error) {
    stderr.write(`could not grade: ${reasonOf(error)}\n`);
    return NOT_GRADED;
  }
  const result = await grade(wanted, bundle, environment);
  if (wanted.json) stdout.write(toJson(result));
  if (result.outcome === 'platform_failure') {
    stderr.write(`could not grade: ${result.reason}\n`);
    return NOT_GRADED;
  }
  if (!wanted.json) stdout.write(renderGrading(bundle.manifest.title, result, environment.colour));
  return GRADED;
}
