import { AppError } from '../error/index.js';

/** A check's verdict; core only needs to know whether it passed. */
export interface JudgedCheck<Verdict extends string = string> {
  name: string;
  verdict: Verdict;
}

/** A check that two gradings of one submission judge differently; null where the version has no such check. */
export interface ChangedCheck<Verdict extends string = string> {
  check: string;
  before: Verdict | null;
  after: Verdict | null;
}

/** The checks whose verdicts differ between two gradings: those of `before` in their order, then what is new. */
export function compareChecks<Verdict extends string>(
  before: readonly JudgedCheck<Verdict>[],
  after: readonly JudgedCheck<Verdict>[],
): ChangedCheck<Verdict>[] {
  const verdictsOf = (checks: readonly JudgedCheck<Verdict>[]) =>
    new Map(checks.map(({ name, verdict }) => [name, verdict]));
  const [old, fresh] = [verdictsOf(before), verdictsOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((check) => ({ check, before: old.get(check) ?? null, after: fresh.get(check) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** Whether a check passes in one of the two gradings only. A check that only one of them has counts if it passed. */
export function hasFlip(changes: readonly ChangedCheck[]): boolean {
  return changes.some(({ before, after }) => (before === 'passed') !== (after === 'passed'));
}

/** Throws `regrade.nothing_to_do` unless there is something to regrade. */
export function assertSomethingToRegrade(count: number): void {
  if (count === 0) {
    throw new AppError(
      'regrade.nothing_to_do',
      'Every submission that was graded with an older version has a grading with the newest one already.',
    );
  }
}

/** Throws `regrade.up_to_date` unless the grading that counts was made with an older version. */
export function assertOutdated(version: number, newestVersion: number): void {
  if (version >= newestVersion) {
    throw new AppError('regrade.up_to_date', `Its grading was made with version ${version}, the newest.`);
  }
}
