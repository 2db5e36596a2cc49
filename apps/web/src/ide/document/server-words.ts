import { z } from 'zod';

const ServerWord = z.discriminatedUnion('type', [
  /** Everything that this state vector covers is stored. */
  z.object({
    type: z.literal('saved'),
    at: z.iso.datetime(),
    stateVector: z
      .base64()
      .transform((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))),
  }),
  /** A file is not saved as it is; a sentence says why. */
  z.object({ type: z.literal('refused'), detail: z.string(), path: z.string().default('') }),
  /** Nothing may be changed any more, or for now. */
  z.object({ type: z.literal('closed'), reason: z.string() }),
]);

/** What the server says beside the document itself; null for what this page does not know yet. */
export function readServerWord(payload: string): z.infer<typeof ServerWord> | null {
  try {
    return ServerWord.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}
