import { z } from 'zod';
import { text } from '../fields.js';

/** What a candidate asks of their own server, and what comes back. */

export const MAX_CONSOLE_BODY = 256 * 1024;
const MAX_HEADERS = 50;

const ENCODINGS = ['text', 'base64'] as const;

export const ConsoleRequest = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
  /** Path and query as sent: not encoded, not normalised. */
  target: z
    .string()
    .max(4_000)
    .regex(/^\/[\x21-\x7e]*$/, 'must begin with / and have no blanks or other letters than ASCII'),
  headers: z
    .array(
      z.strictObject({
        name: z
          .string()
          .max(200)
          .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is not the name of a header'),
        value: z
          .string()
          .max(8_000)
          .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'is not the value of a header'),
      }),
    )
    .max(MAX_HEADERS)
    .default([]),
  body: text(0, MAX_CONSOLE_BODY).default(''),
  /** `base64`: of bytes that are no text. */
  bodyEncoding: z.enum(ENCODINGS).default('text'),
});
export type ConsoleRequest = z.infer<typeof ConsoleRequest>;

export const ConsoleReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    status: z.number().int(),
    /** As they came. */
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    /** Never decompressed; `base64` when it is no UTF-8. */
    body: z.string(),
    bodyEncoding: z.enum(ENCODINGS),
    /** Whether the body was longer than what is shown. */
    isCut: z.boolean(),
    ms: z.number(),
  }),
  /** The server did not answer, or could not be asked: why, in a sentence. */
  z.object({ outcome: z.literal('no_answer'), message: z.string() }),
]);
export type ConsoleReply = z.infer<typeof ConsoleReply>;
