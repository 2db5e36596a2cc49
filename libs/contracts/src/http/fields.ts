import { z } from 'zod';

/** Fields that many wire types share. */

/** What Postgres cannot store, or that breaks a page: NUL and lone surrogates. */
const storable = (text: string) => !text.includes('\0') && text.isWellFormed();

export const text = (min: number, max: number) =>
  z.string().min(min).max(max).refine(storable, { message: 'must not hold NUL or half of a surrogate pair' });

/** A line a person reads: trimmed, not empty. */
export const name = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(storable, { message: 'must not hold NUL or half of a surrogate pair' });

export const Id = z.uuid();
export const TaskId = z
  .string()
  .max(60)
  .regex(/^[a-z0-9-]+$/, 'is not the id of a task');
export const Email = z.email().max(254).toLowerCase();
export const Instant = z.iso.datetime();
export const Secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is not a link of ours');

export const PageQuery = z.strictObject({
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

export const page = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
