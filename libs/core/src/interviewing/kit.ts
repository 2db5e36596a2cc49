import type { Competency } from '../levelling/index.js';
import type { KitSlot } from './guide.js';

/** One question of a kit. */
export interface KitItem {
  questionId: string;
  competency: Competency;
  /** What it is there for; null for one that a member added. */
  slot: KitSlot | null;
  /** How it is opened. */
  opening: string;
  /** Why it is asked. */
  reason: string;
  /** The checks that it rests on. */
  evidence: readonly { taskId: string; check: string; verdict: string }[];
}

export interface Kit {
  items: readonly KitItem[];
  /** Why it has fewer questions than it should; null when it has them all. */
  shortfall: string | null;
}
