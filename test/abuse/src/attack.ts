import { ABUSE_CASES } from './all-cases.js';
import type { Arena } from './arena.js';

export interface CaseResult {
  name: string;
  held: boolean;
  /** What the attacker got, or why it did not hold. */
  detail: string;
}

/** Runs one case and then a grading of a right solution on the same slot: only both together hold. Never rejects. */
export async function attack(arena: Arena, { name, run }: (typeof ABUSE_CASES)[number]): Promise<CaseResult> {
  try {
    const detail = await run(arena);
    await arena.gradeNext();
    return { name, held: true, detail };
  } catch (error) {
    return { name, held: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
