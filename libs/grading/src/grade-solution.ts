import type { EngineReport } from '@assay/sandbox';
import { engineReport } from './engine-report.js';
import type { GradeRequest, PartialGradeRequest } from './grade-request.js';
import { GradingPod } from './grading-pod.js';
import { type GradingResult, scoreOf } from './grading-result.js';
import type { GradingSlot } from './grading-slots.js';
import { safeText } from './harness/safe-text.js';
import { ReadyPod } from './ready-pod.js';
import { type Findings, runChecks } from './run-checks.js';
import { serverShape } from './server-container.js';
import { withinTotalTime } from './within-total-time.js';

/** What the gate needs beyond a result. */
export interface GradingRecord {
  result: GradingResult;
  /** Whether the server accepted connections, or the module loaded, in at least one check. */
  cameUp: boolean;
}

const REASON_LENGTH = 2_000;

async function runInSlot(request: PartialGradeRequest): Promise<Findings> {
  const { engine, slots, bundle, files } = request;
  const shape = serverShape(bundle.manifest, files);
  if (!slots) return runInPod(await ReadyPod.open(engine, shape), request, null);
  const slot = await slots.enter();
  try {
    return await runInPod(await slot.take(shape), request, slot);
  } finally {
    slots.leave(slot);
  }
}

async function runInPod(
  ready: ReadyPod,
  request: PartialGradeRequest,
  slot: GradingSlot | null,
): Promise<Findings> {
  const { signal } = request;
  const pod = new GradingPod(ready, request, slot);
  // Closing ends every container, which ends every wait below; what it has to say is heard at the end.
  const stop = () => void pod.close().catch(() => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
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
    signal?.throwIfAborted();
    const { checks, output, cameUp } = await runInSlot(request);
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
      cameUp,
    };
  } catch (error) {
    if (!signal?.aborted) request.onPlatformFailure?.(error);
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
      cameUp: false,
    };
  }
}

/**
 * Grades a solution in a fresh pod, of a slot where there are slots. Never rejects: whatever fails on our side is the outcome `platform_failure`
 * with its reason, and costs the candidate nothing; so is what takes longer than the task allows in all. Verdicts come from the checks process and the kernel only.
 */
export async function gradeSolution(request: GradeRequest): Promise<GradingResult> {
  return withinTotalTime(request, async (limited) => (await recordGrading(limited)).result);
}
