import type { CheckResult, SourceFile } from '@assay/contracts';
import type { EngineReport, Pod, SandboxEngine } from '@assay/sandbox';
import type { CheckSpec, TaskBundle } from '@assay/tasks';
import { endServer, startServer } from './candidate-server.js';
import { type CheckSet, startHarness } from './checks-container.js';
import { engineReport } from './engine-report.js';
import { type GradingProgress, type GradingResult, scoreOf } from './grading-result.js';
import { safeText } from './harness/safe-text.js';
import { mergeVerdict } from './merge-verdict.js';

export interface GradeRequest {
  engine: SandboxEngine;
  bundle: TaskBundle;
  files: readonly SourceFile[];
  checks: CheckSet;
  /** Any text; the same seed gives checks the same random values. */
  seed: string;
  /** Ends the grading as `platform_failure`. */
  signal?: AbortSignal;
  /** Called after each check. */
  onProgress?: (progress: GradingProgress) => void;
}

/** What the gate may ask beyond a grading: only some of the checks. A score of some is no score of the task. */
export interface PartialGradeRequest extends GradeRequest {
  only?: ReadonlySet<string>;
}

/** What the gate needs beyond a result. */
export interface GradingRecord {
  result: GradingResult;
  /** Whether the server accepted connections in at least one check. */
  serverStarted: boolean;
}

const OUTPUT_LENGTH = 16 * 1024;
const REASON_LENGTH = 2_000;
/** So many servers in a row that did not come up end the trying. */
const FAILED_STARTS = 2;

interface Findings {
  checks: CheckResult[];
  output: string;
  serverStarted: boolean;
}

function resultOf(
  check: CheckSpec,
  found: Pick<CheckResult, 'verdict' | 'message' | 'expected' | 'actual' | 'ms'>,
): CheckResult {
  const { name, competency, level, weight, kind } = check;
  return { name, competency, level, weight, kind, ...found };
}

function skipped(check: CheckSpec): CheckResult {
  const message = `Skipped, because your server did not come up ${FAILED_STARTS} times in a row.`;
  return resultOf(check, { verdict: 'skipped', message, expected: null, actual: null, ms: 0 });
}

/** Every check against a fresh server, so that one bug costs one check. Throws for everything that is ours. */
async function runChecks(pod: Pod, request: PartialGradeRequest): Promise<Findings> {
  const { bundle, files, checks: set, seed, signal, onProgress, only } = request;
  const { manifest } = bundle;
  const specs = manifest.checks[set].filter(({ name }) => only?.has(name) ?? true);
  const app = await pod.addFiles('candidate', files);
  const harness = await startHarness(pod, bundle, set);

  const findings: Findings = { checks: [], output: '', serverStarted: false };
  let failedStarts = 0;
  for (const check of specs) {
    signal?.throwIfAborted();
    let result: CheckResult;
    if (failedStarts >= FAILED_STARTS) {
      result = skipped(check);
    } else {
      const server = await startServer(pod, manifest, check, app);
      const { name, timeoutMs } = check;
      const command = { name, timeoutMs, startTimeoutMs: manifest.server.startTimeoutMs, seed };
      const answer = await harness.run(command, server.exited);
      const exit = await endServer(server, answer);
      const output = server.outputTail();
      const merged = mergeVerdict({ answer, exit, output, limits: manifest.limits, timeoutMs });
      result = resultOf(check, { ...merged, ms: answer.ms });

      if (output !== '') findings.output = safeText(output, OUTPUT_LENGTH);
      failedStarts = answer.verdict === 'not_listening' ? failedStarts + 1 : 0;
      findings.serverStarted ||= answer.verdict !== 'not_listening';
    }
    findings.checks.push(result);
    onProgress?.({
      index: findings.checks.length,
      total: specs.length,
      name: check.name,
      verdict: result.verdict,
    });
  }
  return findings;
}

async function runInPod(request: PartialGradeRequest): Promise<Findings> {
  const { engine, signal } = request;
  signal?.throwIfAborted();
  const pod = await engine.openPod();
  // Closing ends every container, which ends every wait below; what it has to say is heard at the end.
  const stop = () => void pod.close().catch(() => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await runChecks(pod, request);
  } finally {
    signal?.removeEventListener('abort', stop);
    await pod.close();
  }
}

function reasonOf(error: unknown, signal: AbortSignal | undefined): string {
  if (signal?.aborted) return 'the grading was stopped before it ended';
  return safeText(error instanceof Error ? error.message : String(error), REASON_LENGTH);
}

/** `gradeSolution` with what the gate wants to know besides. Never rejects. */
export async function recordGrading(request: PartialGradeRequest): Promise<GradingRecord> {
  const { bundle, engine, seed, signal } = request;
  const identity = { task: bundle.manifest.id, version: bundle.manifest.version, seed };
  let report: EngineReport | null = null;
  try {
    report = await engineReport(engine);
    const { checks, output, serverStarted } = await runInPod(request);
    return {
      result: {
        ...identity,
        engine: report,
        outcome: 'completed',
        reason: null,
        score: scoreOf(checks),
        checks,
        output,
      },
      serverStarted,
    };
  } catch (error) {
    const reason = reasonOf(error, signal);
    return {
      result: {
        ...identity,
        engine: report,
        outcome: 'platform_failure',
        reason,
        score: null,
        checks: [],
        output: '',
      },
      serverStarted: false,
    };
  }
}

/**
 * Grades a solution in one fresh pod. Never rejects: whatever fails on our side is the outcome `platform_failure`
 * with its reason, and costs the candidate nothing. Verdicts come from the checks process and the kernel only.
 */
export async function gradeSolution(request: GradeRequest): Promise<GradingResult> {
  return (await recordGrading(request)).result;
}
