import { AppError } from '../error/index.js';
import type { InterviewGuide } from './guide.js';
import type { KitItem } from './kit.js';

/** Who changed a kit, and why. */
export interface KitEditor {
  memberId: string;
  /** ISO 8601. */
  at: string;
  /** In their own words. */
  why: string;
}

export type KitChangeKind = 'added' | 'removed' | 'replaced' | 'reworded' | 'reordered';

export interface KitChange extends KitEditor {
  kind: KitChangeKind;
  /** The question that is meant; of `replaced`, the new one; of `reordered`, the first that moved. */
  questionId: string;
  /** Of `replaced`: the question that was there before. */
  insteadOf: string | null;
}

/** The kit as a member wants it: its questions in order, each with its opening. */
export interface WantedItem {
  questionId: string;
  opening: string;
}

/**
 * The kit as wanted, and what that changes, each with who and why. A question that stays keeps its reason and evidence;
 * a new one has the editor's words as its reason. Throws `kit.question_unknown` and `kit.question_twice`.
 */
export function editKit(
  items: readonly KitItem[],
  wanted: readonly WantedItem[],
  editor: KitEditor,
  guide: Pick<InterviewGuide, 'questions'>,
): { items: KitItem[]; changes: KitChange[] } {
  assertAskable(wanted, guide);
  const before = new Map(items.map((item) => [item.questionId, item]));
  const edited = wanted.map(({ questionId, opening }): KitItem => {
    const known = before.get(questionId);
    if (known) return { ...known, opening };
    const competency = guide.questions.find(({ id }) => id === questionId)?.competency;
    if (!competency) throw new AppError('kit.question_unknown');
    return { questionId, competency, slot: null, opening, reason: editor.why, evidence: [] };
  });
  return {
    items: edited,
    changes: changesBetween(items, edited).map((change) => ({ ...change, ...editor })),
  };
}

function assertAskable(wanted: readonly WantedItem[], guide: Pick<InterviewGuide, 'questions'>): void {
  const known = new Set(guide.questions.map(({ id }) => id));
  const seen = new Set<string>();
  for (const { questionId } of wanted) {
    if (!known.has(questionId)) {
      throw new AppError(
        'kit.question_unknown',
        `There is no question "${questionId}" in this version of the content.`,
      );
    }
    if (seen.has(questionId)) {
      throw new AppError('kit.question_twice', `The question "${questionId}" is in the kit twice.`);
    }
    seen.add(questionId);
  }
}

type Change = Pick<KitChange, 'kind' | 'questionId' | 'insteadOf'>;

/** One for each question that came, went or was reworded, and one if those that stayed are in another order. */
function changesBetween(before: readonly KitItem[], after: readonly KitItem[]): Change[] {
  const wasThere = new Map(before.map((item) => [item.questionId, item]));
  const isThere = new Set(after.map(({ questionId }) => questionId));
  const replaced = new Set<string>();
  const changes: Change[] = [];
  for (const [position, { questionId, opening }] of after.entries()) {
    const known = wasThere.get(questionId);
    if (known) {
      if (known.opening !== opening) changes.push({ kind: 'reworded', questionId, insteadOf: null });
      continue;
    }
    const inItsPlace = before[position]?.questionId;
    if (inItsPlace !== undefined && !isThere.has(inItsPlace)) {
      replaced.add(inItsPlace);
      changes.push({ kind: 'replaced', questionId, insteadOf: inItsPlace });
    } else changes.push({ kind: 'added', questionId, insteadOf: null });
  }
  for (const { questionId } of before) {
    if (!isThere.has(questionId) && !replaced.has(questionId)) {
      changes.push({ kind: 'removed', questionId, insteadOf: null });
    }
  }
  const stayed = (items: readonly KitItem[], others: { has(id: string): boolean }) =>
    items.map(({ questionId }) => questionId).filter((id) => others.has(id));
  const [orderBefore, orderAfter] = [stayed(before, isThere), stayed(after, wasThere)];
  const moved = orderAfter.find((id, i) => orderBefore[i] !== id);
  if (moved !== undefined) changes.push({ kind: 'reordered', questionId: moved, insteadOf: null });
  return changes;
}
