import { randomBytes } from 'node:crypto';
import type { SourceFile } from '@assay/contracts';
import type { SandboxEngine } from '@assay/sandbox';
import { applyMutant, type TaskBundle } from '@assay/tasks';
import type { CheckSet } from './checks-container.js';
import { type GradingRecord, recordGrading } from './grade-solution.js';
import type { GradingResult } from './grading-result.js';

export interface VerifyOptions {
  /** How often the reference must pass in a row. */
  runs: number;
  /** Called after each grading of the gate. */
  onProgress?: (progress: { index: number; total: number; subject: string }) => void;
  signal?: AbortSignal;
}

export interface MutantFindings {
  name: string;
  /** Hidden checks it failed. */
  failed: string[];
  /** Checks that it should have failed and passed. */
  survived: string[];
}

/** What the gate found; `passed` exactly when `problems` is empty. */
export interface GateResult {
  passed: boolean;
  /** The engine's name; null when none graded. */
  engine: string | null;
  /** `score` is the lowest over all runs, null when one was a platform failure. */
  reference: { runs: number; score: number | null };
  starter: { score: number | null; started: boolean };
  mutants: MutantFindings[];
  /** Sentences for the author. */
  problems: string[];
}

interface Subject {
  label: string;
  files: readonly SourceFile[];
  checks: CheckSet;
}

const namesOf = (result: GradingResult, passed: boolean): string[] =>
  result.checks.filter(({ verdict }) => (verdict === 'passed') === passed).map(({ name }) => name);

/** A subject that could not be graded proves nothing about the task. */
function platformProblems(label: string, { result }: GradingRecord): string[] {
  return result.outcome === 'completed' ? [] : [`${label}: not graded: ${result.reason}`];
}

function referenceProblems(label: string, record: GradingRecord): string[] {
  const failed = record.result.checks.filter(({ verdict }) => verdict !== 'passed');
  return [
    ...platformProblems(label, record),
    ...failed.map(({ name, verdict, message }) => `${label}: ${name} must pass but ${verdict}: ${message}`),
  ];
}

function starterProblems(record: GradingRecord): string[] {
  if (record.result.outcome !== 'completed') return platformProblems('starter', record);
  return [
    ...(record.serverStarted ? [] : ['starter: its server must start, but never accepted a connection']),
    ...(record.result.score === 1 ? ['starter: it must fail at least one hidden check, but passes all'] : []),
  ];
}

/** Checks that nothing in the gate failed: such a check cannot fail, so it proves nothing about a candidate. */
function toothlessChecks(records: readonly GradingRecord[]): string[] {
  const hidden = records.filter(({ result }) => result.outcome === 'completed').map(({ result }) => result);
  if (hidden.length < records.length || hidden[0] === undefined) return [];
  return namesOf(hidden[0], true)
    .filter((name) => hidden.every((result) => namesOf(result, true).includes(name)))
    .map(
      (name) =>
        `${name}: passes on the reference, the starter and every mutant, so nothing shows that it can fail`,
    );
}

/** The lowest score; null when a run was a platform failure. */
function lowestScore(records: readonly GradingRecord[]): number | null {
  const scores = records.map(({ result }) => result.score);
  return scores.some((score) => score === null) ? null : Math.min(...scores.map((score) => score ?? 0));
}

/**
 * The gate every task passes before it is published: the reference passes every run (and the sample checks), the starter
 * starts and fails, each mutant fails the checks it names, and every hidden check was seen to fail. Never rejects.
 */
export async function verifyTask(
  engine: SandboxEngine,
  bundle: TaskBundle,
  options: VerifyOptions,
): Promise<GateResult> {
  const { manifest } = bundle;
  const total = options.runs + 2 + manifest.mutants.length;
  let index = 0;
  const grade = async ({ label, files, checks }: Subject): Promise<GradingRecord> => {
    const seed = randomBytes(8).toString('hex');
    const record = await recordGrading({ engine, bundle, files, checks, seed, signal: options.signal });
    index += 1;
    options.onProgress?.({ index, total, subject: label });
    return record;
  };

  const problems: string[] = [];
  const sample = await grade({
    label: 'reference, sample checks',
    files: bundle.reference,
    checks: 'sample',
  });
  problems.push(...referenceProblems('reference, sample checks', sample));

  const references: GradingRecord[] = [];
  for (let run = 1; run <= options.runs; run += 1) {
    const label = `reference, run ${run}`;
    const record = await grade({ label, files: bundle.reference, checks: 'hidden' });
    references.push(record);
    problems.push(...referenceProblems(label, record));
  }

  const starter = await grade({ label: 'starter', files: bundle.starter, checks: 'hidden' });
  problems.push(...starterProblems(starter));

  const mutantRecords: GradingRecord[] = [];
  const mutants: MutantFindings[] = [];
  for (const { name, fails } of manifest.mutants) {
    const label = `mutant ${name}`;
    const record = await grade({ label, files: applyMutant(bundle, name), checks: 'hidden' });
    mutantRecords.push(record);
    const failed = namesOf(record.result, false);
    const survived =
      record.result.outcome === 'completed' ? fails.filter((check) => !failed.includes(check)) : [];
    mutants.push({ name, failed, survived });
    problems.push(
      ...platformProblems(label, record),
      ...survived.map((check) => `${label}: must fail ${check}, but passes it`),
    );
  }
  problems.push(...toothlessChecks([...references, starter, ...mutantRecords]));

  return {
    passed: problems.length === 0,
    engine: sample.result.engine?.engine ?? null,
    reference: { runs: options.runs, score: lowestScore(references) },
    starter: { score: starter.result.score, started: starter.serverStarted },
    mutants,
    problems,
  };
}
