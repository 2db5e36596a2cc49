import { checkTitle, factsOf, hasPassed, isCounted, type ObservedCheck } from '../interviewing/index.js';
import type { Competency, Level } from '../levelling/index.js';

/** A check that was graded, with the sentence of the brief that it rests on. */
export interface GradedCheck extends ObservedCheck {
  brief: string | null;
}

interface Path {
  tryNext: string;
  steps: readonly { text: string; task?: string | undefined; link?: string | undefined }[];
}

/** The words of the published content that feedback is made of. */
export interface FeedbackWords {
  competencies: readonly { id: Competency; name: string; summary: string }[];
  feedback: readonly {
    competency: Competency;
    openings: { allPassed: string; somePassed: string; nonePassed: string };
    levels: { junior: Path; mid: Path; senior: Path };
  }[];
}

export interface CheckFeedback {
  task: string;
  title: string;
  brief: string | null;
}

export interface FailedCheckFeedback extends CheckFeedback {
  how: string | null;
  expected: string | null;
  actual: string | null;
}

export interface CompetencyFeedback {
  competency: Competency;
  name: string;
  summary: string;
  opening: string;
  passed: CheckFeedback[];
  notYet: FailedCheckFeedback[];
  next: Path;
  later: Path | null;
}

/**
 * What a candidate may read: for each competency that checks looked at, in the vocabulary's order, what passed, what did
 * not yet, and what to try from the level where they most probably stand. Checks keep their order. Never what a check
 * sent, nor its own sentence, which may tell of that: the sentence of the brief stands for it.
 */
export function candidateFeedback(
  checks: readonly GradedCheck[],
  likeliestLevels: Readonly<Partial<Record<Competency, Level>>>,
  words: FeedbackWords,
): CompetencyFeedback[] {
  return words.competencies.flatMap(({ id, name, summary }) => {
    const own = checks.filter((check) => check.competency === id && isCounted(check));
    const text = words.feedback.find(({ competency }) => competency === id);
    if (own.length === 0 || !text) return [];
    const passed = own.filter(hasPassed);
    const notYet = own.filter((check) => !hasPassed(check));
    const { allPassed, somePassed, nonePassed } = text.openings;
    const partly = passed.length > 0 ? somePassed : nonePassed;
    return {
      competency: id,
      name,
      summary,
      opening: notYet.length === 0 ? allPassed : partly,
      passed: passed.map(inWords),
      notYet: notYet.map((check) => ({ ...inWords(check), how: howItEnded(check), ...publicFacts(check) })),
      ...pathsFrom(likeliestLevels[id] ?? 'junior', text.levels),
    };
  });
}

const inWords = ({ taskTitle, check, brief }: GradedCheck): CheckFeedback => {
  const title = checkTitle(check);
  return { task: taskTitle, title: title.charAt(0).toUpperCase() + title.slice(1), brief };
};

const ENDED: Readonly<Record<string, string>> = {
  timed_out: 'It did not finish in its time.',
  memory_exceeded: 'It used more memory than it may.',
  output_exceeded: 'It printed more than it may.',
  crashed: 'Your program ended while this was looked at.',
};

const howItEnded = ({ verdict }: GradedCheck) => ENDED[verdict] ?? null;

/** Statuses, alone or as a choice: what the brief asks for, and what was answered. */
const STATUS = /^(?:\d{3}(?: or \d{3})*|a [2-5]xx status|a status below 500)$/;

/** Both sides, where they are statuses or measurements; everything else may hold what a check sent. */
function publicFacts(check: GradedCheck): Pick<FailedCheckFeedback, 'expected' | 'actual'> {
  const { expected, actual, measured, reference } = factsOf(check);
  if (measured !== undefined && reference !== undefined && expected !== undefined) {
    return { expected: expected.replace(/, from the reference's .*$/, ''), actual: measured };
  }
  const areStatuses = STATUS.test(expected ?? '') && STATUS.test(actual ?? '');
  return areStatuses
    ? { expected: expected ?? null, actual: actual ?? null }
    : { expected: null, actual: null };
}

function pathsFrom(
  level: Level,
  { junior, mid, senior }: { junior: Path; mid: Path; senior: Path },
): Pick<CompetencyFeedback, 'next' | 'later'> {
  if (level === 'senior') return { next: senior, later: null };
  return level === 'mid' ? { next: mid, later: senior } : { next: junior, later: mid };
}
