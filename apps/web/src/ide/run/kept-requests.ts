import { z } from 'zod';
import { type Draft, EMPTY_DRAFT, isSame, keep, METHODS } from './console-model.js';

const Drafts = z.array(
  z.object({ method: z.enum(METHODS), target: z.string(), headers: z.string(), body: z.string() }),
);
const Kept = z.object({ draft: Drafts.element, saved: Drafts, history: Drafts });
export type Kept = z.infer<typeof Kept>;

const keyOf = (attemptId: string, taskId: string) => `assay:requests:${attemptId}:${taskId}`;

/** A task's requests as this browser has them: what is being written, what was saved, and what was sent lately. */
export function readKept(attemptId: string, taskId: string): Kept {
  try {
    const kept = Kept.safeParse(JSON.parse(localStorage.getItem(keyOf(attemptId, taskId)) ?? 'null'));
    if (kept.success) return kept.data;
  } catch {
    // Written by nobody of ours: begin anew.
  }
  return { draft: EMPTY_DRAFT, saved: [], history: [] };
}

export const writeKept = (attemptId: string, taskId: string, kept: Kept): void =>
  localStorage.setItem(keyOf(attemptId, taskId), JSON.stringify(kept));

export const withSent = (kept: Kept, draft: Draft): Kept => ({ ...kept, history: keep(kept.history, draft) });
export const withSaved = (kept: Kept, draft: Draft): Kept => ({ ...kept, saved: keep(kept.saved, draft) });
export const withoutSaved = (kept: Kept, draft: Draft): Kept => ({
  ...kept,
  saved: kept.saved.filter((one) => !isSame(one, draft)),
});
