/** Interviewing: from evidence to the questions worth asking, each with its reason (docs/content.md). */
export { editKit, type KitChange, type WantedItem } from './edit-kit.js';
export type { InterviewGuide, KitSlot } from './guide.js';
export type { Kit, KitItem } from './kit.js';
export { checkTitle, factsOf, hasPassed, isCounted, type ObservedCheck } from './observed-check.js';
export { type KitEvidence, pickKit } from './pick-kit.js';
export type { KnownLevel } from './standings.js';
