import { type InterviewGuide, metBy, type PickingRule } from './guide.js';
import type { KitItem } from './kit.js';
import {
  describeCheck,
  factsOf,
  firstThatFits,
  hasPassed,
  isCounted,
  type ObservedCheck,
} from './observed-check.js';
import type { Standing } from './standings.js';

/** A question with the part of its reason that comes from checks. */
export type Picked = Pick<KitItem, 'questionId' | 'opening' | 'evidence'> & { because: string | null };

/** What is asked about a competency, and what has been asked already. */
export interface Asking {
  standing: Standing;
  /** The weightiest first. */
  checks: readonly ObservedCheck[];
  used: ReadonlySet<string>;
  /** Whether to ask how far a strength goes, before what failed. */
  prefersStrength: boolean;
}

/** A question of the competency that was not asked yet, and how it is opened; null when there is none left. */
export function pickQuestion(guide: InterviewGuide, asking: Asking): Picked | null {
  const { strong } = guide.picking;
  const isStrong = (asking.standing.passedShare ?? 0) >= strong.from;
  if (isStrong && asking.prefersStrength) return strength(guide, asking);
  return signal(guide, asking) ?? (isStrong ? strength(guide, asking) : plain(guide, asking));
}

const left = ({ questions }: InterviewGuide, { standing, used }: Asking) =>
  questions.filter(({ id, competency }) => competency === standing.competency && !used.has(id));

const reference = ({ taskId, check, verdict }: ObservedCheck) => ({ taskId, check, verdict });

/** The first rule with a question that is left and a check of these. */
function firstRule(guide: InterviewGuide, asking: Asking, checks: readonly ObservedCheck[]) {
  const available = new Set(left(guide, asking).map(({ id }) => id));
  for (const rule of guide.picking.rules) {
    const [check, ...more] = metBy(rule, checks);
    if (check && available.has(rule.question)) return { rule, check, checks: [check, ...more] };
  }
  return null;
}

/** Something that failed and that a rule knows a question for. */
function signal(guide: InterviewGuide, asking: Asking): Picked | null {
  const failed = asking.checks.filter((check) => isCounted(check) && !hasPassed(check));
  const met = firstRule(guide, asking, failed);
  if (!met) return null;
  const { rule, checks } = met;
  return {
    questionId: rule.question,
    opening: inWords(rule, 'openings', checks) ?? '',
    because: inWords(rule, 'because', checks) ?? describeCheck(met.check),
    evidence: checks.map(reference),
  };
}

/** The best sentence that any of the checks can fill in: sentences are tried in order, and for each the checks. */
function inWords(rule: PickingRule, field: 'openings' | 'because', checks: readonly ObservedCheck[]) {
  for (const sentence of rule[field]) {
    for (const check of checks) {
      const filled = firstThatFits([sentence], factsOf(check));
      if (filled !== null) return filled;
    }
  }
  return null;
}

/** The question that would have been asked had it failed, opened with what breaks at ten times. */
function strength(guide: InterviewGuide, asking: Asking): Picked | null {
  const { standing, checks } = asking;
  const met = firstRule(guide, asking, checks.filter(hasPassed));
  const questions = left(guide, asking);
  const question = questions.find(({ id }) => id === met?.rule.question) ?? questions[0];
  if (!question) return null;
  return {
    questionId: question.id,
    opening: `${guide.picking.strong.opening} ${question.atTenTimes}`,
    because: `By weight, ${percent(standing.passedShare ?? 0)} of the checks passed, so the question goes on to what breaks next.`,
    evidence: met?.checks.map(reference) ?? [],
  };
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** A question of the competency as it stands: the seed's where nothing is known. */
function plain(guide: InterviewGuide, asking: Asking): Picked | null {
  const { standing, checks } = asking;
  const available = left(guide, asking);
  const question = available.find(({ isSeed }) => isSeed) ?? available[0];
  if (!question) return null;
  const failed = checks.find(
    (check) => check.competency === standing.competency && isCounted(check) && !hasPassed(check),
  );
  return {
    questionId: question.id,
    opening: question.question,
    because: failed ? describeCheck(failed) : null,
    evidence: failed ? [reference(failed)] : [],
  };
}
