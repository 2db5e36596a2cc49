import type { CheckResult } from '@assay/contracts';
import type { CheckSpec } from '@assay/tasks';
import type { PartialGradeRequest } from './grade-request.js';
import type { GradingPod } from './grading-pod.js';
import { safeText } from './harness/safe-text.js';
import { mergeVerdict } from './merge-verdict.js';

const OUTPUT_LENGTH = 16 * 1024;
/** So many servers in a row that did not come up end the trying. */
const FAILED_STARTS = 2;

export interface Findings {
  checks: CheckResult[];
  /** What the candidate's server printed last. */
  output: string;
  /** Whether the server accepted connections, or the module loaded, in at least one check. */
  cameUp: boolean;
}

function resultOf(
  check: CheckSpec,
  found: Pick<CheckResult, 'verdict' | 'message' | 'expected' | 'actual' | 'ms'>,
): CheckResult {
  const { name, competency, level, weight, kind } = check;
  return { name, competency, level, weight, kind, ...found };
}

function skipped(check: CheckSpec, solution: string): CheckResult {
  const message = `Skipped, because your ${solution} did not come up ${FAILED_STARTS} times in a row.`;
  return resultOf(check, { verdict: 'skipped', message, expected: null, actual: null, ms: 0 });
}

/** Every check against a fresh server, so that one bug costs one check. Throws for everything that is ours. */
export async function runChecks(pod: GradingPod, request: PartialGradeRequest): Promise<Findings> {
  const { bundle, checks: set, signal, onProgress, only } = request;
  const { manifest } = bundle;
  const specs = manifest.checks[set].filter(({ name }) => only?.has(name) ?? true);
  const findings: Findings = { checks: [], output: '', cameUp: false };
  let failedStarts = 0;
  for (const [index, check] of specs.entries()) {
    signal?.throwIfAborted();
    let result: CheckResult;
    if (failedStarts >= FAILED_STARTS) {
      result = skipped(check, manifest.mode === 'http' ? 'server' : 'module');
    } else {
      const { answer, servers, exhaustion } = await pod.run(check, index === specs.length - 1);
      const merged = mergeVerdict({ answer, servers, exhaustion, manifest, timeoutMs: check.timeoutMs });
      result = resultOf(check, { ...merged, ms: answer.ms });

      const output = servers.at(-1)?.output ?? '';
      if (output !== '') findings.output = safeText(output, OUTPUT_LENGTH);
      failedStarts = answer.verdict === 'not_listening' ? failedStarts + 1 : 0;
      findings.cameUp ||= answer.cameUp;
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
