import type { CheckResult, Outcome, Verdict } from '@assay/contracts';
import type { EngineReport } from '@assay/sandbox';

/** What one grading found. */
export interface GradingResult {
  /** The task's id. */
  task: string;
  version: number;
  /** Null only when the engine could not prove itself: then the outcome is `platform_failure`. */
  engine: EngineReport | null;
  outcome: Outcome;
  /** Why there is no result; null when completed. */
  reason: string | null;
  /** Passed weight over all weight, 0 to 1, rounded to 4 decimals; null on platform failure. */
  score: number | null;
  seed: string;
  /** In the order of task.yaml; empty on platform failure, so that nothing half-known is ever counted. */
  checks: CheckResult[];
  /** What the candidate's server printed last, at most 16 KiB. */
  output: string;
}

export interface GradingProgress {
  /** 1 for the first check. */
  index: number;
  total: number;
  name: string;
  verdict: Verdict;
}

/** Passed weight over all weight, rounded to 4 decimals. */
export function scoreOf(checks: readonly CheckResult[]): number {
  const weightOf = (list: readonly CheckResult[]) => list.reduce((sum, { weight }) => sum + weight, 0);
  const share = weightOf(checks.filter(({ verdict }) => verdict === 'passed')) / weightOf(checks);
  return Math.round(share * 10_000) / 10_000;
}
