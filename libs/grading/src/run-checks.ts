import type { CheckResult } from '@assay/contracts';
import type { Container, FolderHandle, Pod } from '@assay/sandbox';
import { type CheckSpec, startTimeoutMsOf, type TaskBundle } from '@assay/tasks';
import { CheckServers } from './check-servers.js';
import { startHarness } from './checks-container.js';
import type { PartialGradeRequest } from './grade-request.js';
import type { RunCommand, Who } from './harness/messages.js';
import { safeText } from './harness/safe-text.js';
import { shimFiles } from './harness-files.js';
import { mergeVerdict } from './merge-verdict.js';
import { serverContainer } from './server-container.js';

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

/** Starts servers in the pod. The reference's files come into it when a check asks for them first. */
async function serverStarter(pod: Pod, { bundle, files }: Pick<PartialGradeRequest, 'bundle' | 'files'>) {
  const candidate = await pod.addFiles('candidate', files);
  const isModule = bundle.manifest.mode === 'function';
  const shim = isModule ? await pod.addFiles('candidate', await shimFiles()) : null;
  let reference: Promise<FolderHandle> | null = null;
  const filesOf = async (who: Who): Promise<FolderHandle> => {
    if (who === 'candidate') return candidate;
    reference ??= pod.addFiles('candidate', bundle.reference);
    return reference;
  };
  return async (check: CheckSpec, who: Who, env: Readonly<Record<string, string>>): Promise<Container> =>
    pod.start(serverContainer(bundle.manifest, check, { app: await filesOf(who), shim }, env));
}

function runCommand({ manifest }: TaskBundle, { name, timeoutMs }: CheckSpec, seed: string): RunCommand {
  const startedBy = (manifest.mode === 'http' && manifest.server.startedBy) || 'harness';
  return {
    name,
    seed,
    mode: manifest.mode,
    startedBy,
    startTimeoutMs: startTimeoutMsOf(manifest),
    timeoutMs,
  };
}

/** Every check against a fresh server, so that one bug costs one check. Throws for everything that is ours. */
export async function runChecks(pod: Pod, request: PartialGradeRequest): Promise<Findings> {
  const { bundle, files, checks: set, seed, signal, onProgress, only } = request;
  const { manifest } = bundle;
  const specs = manifest.checks[set].filter(({ name }) => only?.has(name) ?? true);
  const startServer = await serverStarter(pod, request);
  const harness = await startHarness(pod, bundle, set, files);

  const findings: Findings = { checks: [], output: '', cameUp: false };
  let failedStarts = 0;
  for (const check of specs) {
    signal?.throwIfAborted();
    let result: CheckResult;
    if (failedStarts >= FAILED_STARTS) {
      result = skipped(check, manifest.mode === 'http' ? 'server' : 'module');
    } else {
      const servers = new CheckServers((who, env) => startServer(check, who, env));
      const answer = await harness.run(runCommand(bundle, check, seed), (ask) => servers.answer(ask));
      const ended = await servers.end(answer);
      const merged = mergeVerdict({ answer, servers: ended, manifest, timeoutMs: check.timeoutMs });
      result = resultOf(check, { ...merged, ms: answer.ms });

      const output = ended.at(-1)?.output ?? '';
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
