import type { RoleWeights } from '../levelling/index.js';
import type { InterviewGuide, KitSlot } from './guide.js';
import type { Kit, KitItem } from './kit.js';
import { byImportance, type ObservedCheck } from './observed-check.js';
import { pickQuestion } from './pick-question.js';
import { byRoleWeight, byWeakness, type KnownLevel, type Standing, standingsOf } from './standings.js';

/** What is known of a candidacy. */
export interface KitEvidence {
  weights: RoleWeights;
  checks: readonly ObservedCheck[];
  levels: readonly KnownLevel[];
}

/**
 * The questions for one candidate, with the reason for each. The slots of the guide are filled in their order: the
 * weakest competencies with evidence, the strongest, `own`, and one that nothing is known of. A slot that nothing fits
 * is filled with what is most worth asking then. The same evidence gives the same kit, in whatever order it arrives.
 */
export function pickKit(evidence: KitEvidence, guide: InterviewGuide): Kit {
  const checks = byImportance(evidence.checks);
  const standings = standingsOf(guide.competencies, evidence.weights, checks, evidence.levels);
  const groups = grouped(standings);
  const items: KitItem[] = [];

  const ask = ({ slot, standing }: Wanted): KitItem | null => {
    const used = new Set(items.map(({ questionId }) => questionId));
    const prefersStrength = slot === 'strongest';
    const picked = pickQuestion(guide, { standing, checks, used, prefersStrength });
    if (!picked) return null;
    const { because, ...question } = picked;
    const reason = [because, standingReason(slot, standing, groups.observed)].filter((part) => part !== null);
    return { ...question, competency: standing.competency, slot, reason: reason.join(' ') };
  };

  for (const { slot } of guide.picking.kit) {
    const isNew = ({ standing }: Wanted) =>
      items.every(({ competency }) => competency !== standing.competency);
    const others = leftOver(groups);
    const wanted = [...fitting(slot, groups).filter(isNew), ...others.filter(isNew), ...others];
    for (const each of [...wanted, ...lastResorts(groups)]) {
      const item = ask(each);
      if (!item) continue;
      items.push(item);
      break;
    }
  }
  return { items, shortfall: shortfallOf(items.length, guide, groups) };
}

interface Groups {
  /** Weighed by the role, with evidence; the weakest first. */
  observed: Standing[];
  /** Weighed by the role, without evidence; the weightiest first. */
  uncovered: Standing[];
  own: Standing[];
  /** With evidence, but of no weight in the role; the weakest first. */
  beside: Standing[];
}

interface Wanted {
  slot: KitSlot;
  standing: Standing;
}

function grouped(standings: readonly Standing[]): Groups {
  const others = standings.filter(({ competency }) => competency !== 'own');
  return {
    observed: byWeakness(others.filter(({ weight, checks }) => weight > 0 && checks > 0)),
    uncovered: byRoleWeight(others.filter(({ weight, checks }) => weight > 0 && checks === 0)),
    own: standings.filter(({ competency }) => competency === 'own'),
    beside: byWeakness(others.filter(({ weight, checks }) => weight === 0 && checks > 0)),
  };
}

const as = (slot: KitSlot, standings: readonly Standing[]): Wanted[] =>
  standings.map((standing) => ({ slot, standing }));

function fitting(slot: KitSlot, groups: Groups): Wanted[] {
  switch (slot) {
    case 'weakest':
      return as(slot, groups.observed);
    case 'strongest':
      return as(slot, groups.observed.toReversed());
    case 'own':
      return as(slot, groups.own);
    case 'uncovered':
      return as(slot, groups.uncovered);
  }
}

const leftOver = ({ observed, uncovered }: Groups) => [
  ...as('weakest', observed),
  ...as('uncovered', uncovered),
];
const lastResorts = ({ own, beside }: Groups) => [...as('own', own), ...as('weakest', beside)];

/** Why this competency. */
function standingReason(slot: KitSlot, standing: Standing, observed: readonly Standing[]): string | null {
  const { name, checks, passed, statement, weight } = standing;
  if (slot === 'own') return `Every kit asks about ${name}: tasks cannot show it.`;
  if (slot === 'uncovered') return `There is no evidence on ${name} yet, and the role asks for it.`;
  const place = slot === 'strongest' ? strongestOf(standing, observed) : weakestOf(standing, observed);
  const count = `${passed} of ${checks} checks passed${statement === null ? '' : `; estimated ${statement}`}`;
  if (weight === 0) return `The role does not weigh ${name}, but there is evidence on it (${count}).`;
  return observed.length === 1
    ? `There is evidence on ${name} only (${count}).`
    : `Of ${observed.length} competencies with evidence, ${name} is ${place} (${count}).`;
}

const strongestOf = (standing: Standing, observed: readonly Standing[]) =>
  observed.at(-1) === standing ? 'the strongest' : 'the strongest that is left';

function weakestOf(standing: Standing, observed: readonly Standing[]): string {
  const rank = observed.indexOf(standing);
  return ['the weakest', 'the second weakest', 'the third weakest'][rank] ?? 'the next weakest';
}

function shortfallOf(found: number, guide: InterviewGuide, groups: Groups): string | null {
  const wanted = guide.picking.kit.length;
  if (found === wanted) return null;
  const weighed = groups.observed.length + groups.uncovered.length;
  return `There are ${found} questions instead of ${wanted}: the role weighs ${weighed} of the competencies, and no more questions are left on them.`;
}
