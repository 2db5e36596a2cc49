import { z } from 'zod';

/** Fields that many wire types share. */

const STORABLE = 'must not hold NUL or half of a surrogate pair';

/** Without what Postgres cannot store. Lengths are in UTF-16 units. */
export const text = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), { message: STORABLE });

/** No control characters, no other lines, nothing that turns the direction of what is written around it. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u;
const SOMETHING_TO_SEE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A line a person reads, in lists and letters: trimmed, with something to see in it. */
export const name = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => ONE_LINE.test(value), { message: 'must be one line without control characters' })
    .refine((value) => SOMETHING_TO_SEE.test(value), { message: 'must have something to see in it' });

/** In lower case, as Postgres gives it: streams and locks are named by ids. */
export const Id = z.uuid().toLowerCase();
export const TaskId = z
  .string()
  .max(60)
  .regex(/^[a-z0-9-]+$/, 'is not the id of a task');
export const Email = z.email().max(254).toLowerCase();
export const Instant = z.iso.datetime();
export const Secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is not a link of ours');

export const PageQuery = z.strictObject({
  cursor: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

export const page = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
