import { z } from 'zod';
import { Instant } from '../http/fields.js';

/** Where the documents of an attempt are edited together: Hocuspocus, each named by its task's id. */
export const COLLABORATION_PATH = '/v1/attempt/collaboration';

const Refusal = { code: z.string(), detail: z.string() };

/**
 * What the server says about a document besides the document itself, as JSON in stateless messages.
 * - `saved`: all that `stateVector` (base64) covers is stored, deletions included. Sent after every time something was
 *   stored, and to each new connection. `unsaved`: files that a limit keeps from being saved as they stand.
 * - `refused`: a file that a limit keeps from being saved, or (no path) this connection's edits as a whole: they are no
 *   longer taken.
 * - `closed`: the document can only be read. What is edited all the same is kept apart, as late.
 */
export const CollaborationMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('saved'),
    at: Instant,
    stateVector: z.base64(),
    unsaved: z.array(z.object({ path: z.string(), ...Refusal })),
  }),
  z.object({ type: z.literal('refused'), path: z.string().nullable(), ...Refusal }),
  z.object({ type: z.literal('closed'), reason: z.enum(['submitted', 'closed', 'break', 'practice_over']) }),
]);
export type CollaborationMessage = z.infer<typeof CollaborationMessage>;
