import { z } from 'zod';
import { type Message, SERVER_SIGNALS, TEXT_CAPS } from './harness/messages.js';
import { SIDECAR_CHANGES, STOPPABLE_SIDECARS } from './harness/sidecar-access.js';

/** What the harness may say; anything else means that it is not our harness that speaks. */

const text = (max: number) => z.string().max(max).nullable();

const MAX_VARIABLES = 32;
const MAX_INSTANCES = 2;
const MAX_EXIT_WAIT_MS = 180_000;

const instance = z.int().min(1).max(MAX_INSTANCES).optional();

const Ask = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('start'),
    instance,
    who: z.enum(['candidate', 'reference']),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), z.string().max(1_000))
      .refine((env) => Object.keys(env).length <= MAX_VARIABLES),
    mayEnd: z.boolean(),
  }),
  z.strictObject({ do: z.literal('kill'), instance }),
  z.strictObject({ do: z.literal('signal'), instance, name: z.enum(SERVER_SIGNALS) }),
  z.strictObject({
    do: z.literal('exit'),
    instance,
    withinMs: z.number().min(0).max(MAX_EXIT_WAIT_MS),
    expected: z.boolean(),
  }),
  z.strictObject({ do: z.literal('usage'), instance }),
  z.strictObject({ do: z.literal('output'), instance }),
  z.strictObject({ do: z.literal('sidecars') }),
  z.strictObject({
    do: z.literal('sidecar'),
    name: z.enum(STOPPABLE_SIDECARS),
    change: z.enum(SIDECAR_CHANGES),
  }),
]);

const MessageLine = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), checks: z.array(z.string().max(200)).max(1_000) }),
  z.strictObject({ type: z.literal('prepared'), name: z.string().max(200) }),
  z.strictObject({ type: z.literal('ask'), id: z.string().max(50), ask: Ask }),
  z.strictObject({
    type: z.literal('result'),
    name: z.string().max(200),
    verdict: z.enum(['passed', 'failed', 'timed_out', 'not_listening', 'void']),
    message: text(TEXT_CAPS.message),
    expected: text(TEXT_CAPS.rendering),
    actual: text(TEXT_CAPS.rendering),
    ms: z.number().nonnegative(),
    connectionLost: z.boolean(),
    cameUp: z.boolean(),
  }),
  z.strictObject({ type: z.literal('broken'), reason: z.string().max(TEXT_CAPS.reason) }),
]) satisfies z.ZodType<Message>;

/** One line of the harness; null when it is none of its messages. */
export function parseMessage(line: string): Message | null {
  try {
    return MessageLine.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
