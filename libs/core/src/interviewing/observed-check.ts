import type { Competency, TargetLevel } from '../levelling/index.js';

/** One check's result with all that a kit may say of it. Texts as the check gave them. */
export interface ObservedCheck {
  taskId: string;
  taskTitle: string;
  /** Kebab-case, such as `refuses-a-stale-write`. */
  check: string;
  /** The probe that it is, if it is one. */
  probe: string | null;
  competency: Competency;
  level: TargetLevel;
  weight: number;
  kind: string;
  verdict: string;
  message: string | null;
  expected: string | null;
  actual: string | null;
}

/** What a sentence may fill in from a check; what is not known is not there. */
export type CheckFacts = Partial<
  Record<'task' | 'said' | 'expected' | 'actual' | 'measured' | 'reference' | 'times', string>
>;

/** Longer values, those of several lines, and patterns make no sentence. */
const SHORT = /^(?!\/\^)[^\n]{1,60}$/;
const STATUS_MESSAGE = /answered with (.{1,40}), but was answered with (\d{3})\.?$/;
/** As comparisons give it: `at most 75 ms, from the reference's 25 ms`. */
const COMPARED = /^at most [\d.]+ .{1,20}, from the reference's ([\d.]+) (.{1,20})$/;
const QUANTITY = /^([\d.]+) (.{1,20})$/;

/** What is known of a check, in short texts. */
export function factsOf(check: ObservedCheck): CheckFacts {
  const [, statusDue, status] = STATUS_MESSAGE.exec(check.message ?? '') ?? [];
  return {
    task: check.taskTitle,
    ...(check.message !== null && { said: check.message.replace(/[.\s]+$/, '') }),
    ...short('expected', check.expected ?? statusDue),
    ...short('actual', check.actual ?? status),
    ...comparedFacts(check),
  };
}

function short<K extends string>(key: K, value: string | undefined) {
  return (value !== undefined && SHORT.test(value) ? { [key]: value } : {}) as Partial<Record<K, string>>; // a computed key
}

function comparedFacts({ expected, actual }: ObservedCheck): CheckFacts {
  const [, reference, unit] = COMPARED.exec(expected ?? '') ?? [];
  const [, measured, sameUnit] = QUANTITY.exec(actual ?? '') ?? [];
  if (reference === undefined || measured === undefined || unit !== sameUnit) return {};
  const known = { measured: `${measured} ${unit}`, reference: `${reference} ${unit}` };
  const ratio = Number(measured) / Number(reference);
  // Below that nobody would call it a multiple.
  return Number.isFinite(ratio) && ratio >= 1.1 ? { ...known, times: wordRatio(ratio) } : known;
}

const wordRatio = (ratio: number) => String(ratio >= 10 ? Math.round(ratio) : Number(ratio.toFixed(1)));

const PLACEHOLDER = /\{(\w+)\}/g;

/** The first sentence whose placeholders are all known, filled in; null when none is. */
export function firstThatFits(sentences: readonly string[], facts: CheckFacts): string | null {
  const known: Readonly<Record<string, string | undefined>> = facts;
  const fitting = sentences.find((sentence) =>
    [...sentence.matchAll(PLACEHOLDER)].every(([, name = '']) => known[name] !== undefined),
  );
  return fitting?.replaceAll(PLACEHOLDER, (_, name: string) => known[name] ?? '') ?? null;
}

/** `refuses-a-stale-write` in words. */
export const checkTitle = (name: string) => name.replaceAll('-', ' ');

const ENDED_BY: Readonly<Record<string, string>> = {
  timed_out: 'ran out of time',
  memory_exceeded: 'used too much memory',
  output_exceeded: 'printed too much',
  crashed: 'crashed',
};

/** What a check showed, in one or two sentences, for the interviewer. */
export function describeCheck(check: ObservedCheck): string {
  const { said, expected, actual } = factsOf(check);
  const what = `In “${check.taskTitle}”, “${checkTitle(check.check)}” ${ENDED_BY[check.verdict] ?? 'failed'}`;
  if (said === undefined) return `${what}.`;
  // A message with both figures in it needs them no second time.
  const isSaidAlready = actual === undefined || expected === undefined || said.endsWith(` ${actual}`);
  return isSaidAlready ? `${what}: ${said}.` : `${what}: ${said}. Expected ${expected}; it was ${actual}.`;
}

/** A check that was not made says nothing. */
export const isCounted = ({ verdict }: ObservedCheck) => verdict !== 'skipped';
export const hasPassed = ({ verdict }: ObservedCheck) => verdict === 'passed';

/** The weightiest first, then by task and name: an order that does not depend on how rows arrive. */
export function byImportance(checks: readonly ObservedCheck[]): ObservedCheck[] {
  const key = ({ taskId, check }: ObservedCheck) => `${taskId}/${check}`;
  return checks.toSorted((a, b) => b.weight - a.weight || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
