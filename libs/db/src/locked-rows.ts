import { AppError } from '@assay/core/error';
import type { Transaction } from './database.js';

/** Locks one row until the transaction ends, so that what is read next stays true. Throws when it is not there. */
export async function lockRow(
  tx: Transaction,
  table: 'role' | 'candidacy' | 'attempt' | 'submission' | 'grading',
  id: string,
): Promise<void> {
  // `table` is one of the literals above, never input.
  const rows = await tx.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM "${table}" WHERE id = $1::uuid FOR UPDATE`,
    id,
  );
  if (rows.length === 0) throw new AppError('resource.not_found');
}

/** Locks rows in the order of their ids, whoever asks for which: two who lock some of the same never wait for each other. */
export async function lockRows(tx: Transaction, table: 'submission', ids: readonly string[]): Promise<void> {
  await tx.$queryRawUnsafe<unknown[]>(
    `SELECT 1 FROM "${table}" WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    ids,
  );
}
