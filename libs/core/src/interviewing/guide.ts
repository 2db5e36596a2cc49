import type { Competency } from '../levelling/index.js';
import type { ObservedCheck } from './observed-check.js';

/** What kits are made of, as the published content has it (contracts/content, which core may not import). */
export interface InterviewGuide {
  /** Names as on screens. */
  competencies: readonly { id: Competency; name: string }[];
  /** In order of preference. */
  questions: readonly {
    id: string;
    competency: Competency;
    isSeed: boolean;
    question: string;
    atTenTimes: string;
  }[];
  picking: {
    kit: readonly { slot: KitSlot }[];
    rules: readonly PickingRule[];
    strong: { from: number; opening: string };
  };
}

export type KitSlot = 'weakest' | 'strongest' | 'own' | 'uncovered';

export interface PickingRule {
  signal: string;
  when: readonly CheckSelector[];
  question: string;
  openings: readonly string[];
  because: readonly string[];
}

export interface CheckSelector {
  task?: string | undefined;
  check?: string | undefined;
  probe?: string | undefined;
  competency?: Competency | undefined;
  kind?: string | undefined;
  verdict?: string | undefined;
}

/** Whether a check has all that a selector names. */
export function selects(selector: CheckSelector, check: ObservedCheck): boolean {
  const { task = check.taskId, check: name = check.check, probe = check.probe } = selector;
  const { competency = check.competency, kind = check.kind, verdict = check.verdict } = selector;
  return (
    task === check.taskId &&
    name === check.check &&
    probe === check.probe &&
    competency === check.competency &&
    kind === check.kind &&
    verdict === check.verdict
  );
}

/** The rule's checks among these, in their order. */
export const metBy = (rule: PickingRule, checks: readonly ObservedCheck[]) =>
  checks.filter((check) => rule.when.some((selector) => selects(selector, check)));
