import { CollaborationMessage } from '@assay/contracts/events';

/** What the server says beside the document itself; null for what this page does not know yet. */
export function readServerWord(payload: string): CollaborationMessage | null {
  try {
    return CollaborationMessage.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}

type Reason = Extract<CollaborationMessage, { type: 'closed' }>['reason'];

export const CLOSED_WORDS: Record<Reason, string> = {
  submitted: 'This task is submitted. You can read it, and change nothing.',
  closed: 'Your time is over: what was saved is submitted. You can read it, and change nothing.',
  break: 'You are on a break: the clock stands still, and so does your work.',
  practice_over: 'Practice is over: your attempt has begun.',
};
