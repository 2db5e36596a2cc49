import { randomBytes } from 'node:crypto';
import type { SourceFile } from '@assay/contracts';
import type { SandboxEngine } from '@assay/sandbox';
import { applyMutant, type TaskBundle, type TaskManifest } from '@assay/tasks';
import type { CheckSet } from './checks-container.js';
import { type GradingRecord, recordGrading } from './grade-solution.js';
import type { GradingResult } from './grading-result.js';
import { createSlots } from './grading-slots.js';

export interface VerifyOptions {
  /** How often the reference must pass in a row. */
  runs: number;
  /** Called after each grading of the gate. */
  onProgress?: (progress: { index: number; total: number; subject: string }) => void;
  signal?: AbortSignal;
}

export interface MutantFindings {
  name: string;
  /** Those of the checks it names that failed. */
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
  /** Without it, all. */
  only?: ReadonlySet<string>;
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

const MUST_COME_UP = {
  http: 'starter: its server must start, but never accepted a connection',
  function: 'starter: its module must load, but never did',
};

function starterProblems(record: GradingRecord, { mode }: TaskManifest): string[] {
  if (record.result.outcome !== 'completed') return platformProblems('starter', record);
  return [
    ...(record.cameUp ? [] : [MUST_COME_UP[mode]]),
    ...(record.result.score === 1 ? ['starter: it must fail at least one hidden check, but passes all'] : []),
  ];
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
  const { manifest, reference, starter } = bundle;
  let index = 0;
  let allGraded = true;
  let total = options.runs + 2 + manifest.mutants.length;
  const slots = createSlots(engine, 1);
  const grade = async ({ label, ...subject }: Subject): Promise<GradingRecord> => {
    const seed = randomBytes(8).toString('hex');
    const record = await recordGrading({ engine, slots, bundle, seed, signal: options.signal, ...subject });
    index += 1;
    allGraded &&= record.result.outcome === 'completed';
    options.onProgress?.({ index, total, subject: label });
    return record;
  };
  const problems: string[] = [];
  const unfailed = new Set(manifest.checks.hidden.map(({ name }) => name));
  const forget = (failed: readonly string[]) => failed.forEach((name) => void unfailed.delete(name));

  const sample = await grade({ label: 'reference, sample checks', files: reference, checks: 'sample' });
  problems.push(...referenceProblems('reference, sample checks', sample));

  const references: GradingRecord[] = [];
  for (let run = 1; run <= options.runs; run += 1) {
    const label = `reference, run ${run}`;
    const record = await grade({ label, files: reference, checks: 'hidden' });
    references.push(record);
    problems.push(...referenceProblems(label, record));
    forget(namesOf(record.result, false));
  }

  const started = await grade({ label: 'starter', files: starter, checks: 'hidden' });
  problems.push(...starterProblems(started, manifest));
  forget(namesOf(started.result, false));

  const mutants: MutantFindings[] = [];
  for (const { name, fails } of manifest.mutants) {
    const label = `mutant ${name}`;
    const files = applyMutant(bundle, name);
    const record = await grade({ label, files, checks: 'hidden', only: new Set(fails) });
    const failed = namesOf(record.result, false);
    const survived = namesOf(record.result, true);
    mutants.push({ name, failed, survived });
    problems.push(
      ...platformProblems(label, record),
      ...survived.map((check) => `${label}: must fail ${check}, but passes it`),
    );
    forget(failed);
  }

  // A mutant may fail more than it names; asked only when a check was not seen to fail yet, which is rare. Never asked of
  // checks of performance: they take long, and what they see of a mutant that is not made for them says little.
  const isQuick = new Set(
    manifest.checks.hidden.flatMap(({ name, kind }) => (kind === 'performance' ? [] : [name])),
  );
  const wanted = () => new Set([...unfailed].filter((name) => isQuick.has(name)));
  const others = wanted().size > 0 && allGraded ? manifest.mutants : [];
  total += others.length;
  for (const { name } of others) {
    const label = `mutant ${name}, other checks`;
    const record = await grade({ label, files: applyMutant(bundle, name), checks: 'hidden', only: wanted() });
    forget(namesOf(record.result, false));
  }
  await slots.close();
  for (const name of allGraded ? unfailed : []) {
    problems.push(
      `${name}: passes on the reference, the starter and every mutant, so nothing shows that it can fail`,
    );
  }

  return {
    passed: problems.length === 0,
    engine: sample.result.engine?.engine ?? null,
    reference: { runs: options.runs, score: lowestScore(references) },
    starter: { score: started.result.score, started: started.cameUp },
    mutants,
    problems,
  };
}
