import { CandidateEvent, StaffEvent } from '@assay/contracts/events';
import type { z } from 'zod';
import type { Database, Transaction } from './database.js';

export const EVENT_CHANNEL = 'assay_event';

export const attemptStream = (attemptId: string) => `attempt:${attemptId}`;
/** No stream: what is told of a workspace is the sequence of its newest update. */
export const workspaceNews = (attemptTaskId: string) => `workspace:${attemptTaskId}`;
export const candidacyStream = (candidacyId: string) => `candidacy:${candidacyId}`;

export function appendCandidateEvent(
  tx: Transaction,
  attemptId: string,
  event: CandidateEvent,
): Promise<void> {
  return append(tx, attemptStream(attemptId), CandidateEvent.parse(event));
}

export function appendStaffEvent(tx: Transaction, candidacyId: string, event: StaffEvent): Promise<void> {
  return append(tx, candidacyStream(candidacyId), StaffEvent.parse(event));
}

/** The stream's row is locked until the commit, so sequences have no gaps and become visible in order. */
async function append(tx: Transaction, stream: string, payload: object): Promise<void> {
  await tx.$executeRaw`
    WITH next AS (
      INSERT INTO event_stream (name, last_sequence) VALUES (${stream}, 1)
      ON CONFLICT (name) DO UPDATE SET last_sequence = event_stream.last_sequence + 1
      RETURNING last_sequence)
    INSERT INTO event (stream, sequence, payload) SELECT ${stream}, last_sequence, ${JSON.stringify(payload)}::jsonb FROM next`;
  await tx.$executeRaw`SELECT pg_notify(${EVENT_CHANNEL}, ${stream})`;
}

/** Events of a stream after a sequence, oldest first, at most 200. */
export async function listEventsAfter<S extends z.ZodType>(
  db: Database,
  stream: string,
  sequence: number,
  schema: S,
): Promise<{ sequence: number; event: z.output<S> }[]> {
  const rows = await db.prisma.event.findMany({
    where: { stream, sequence: { gt: sequence } },
    orderBy: { sequence: 'asc' },
    take: 200,
  });
  return rows.map((row) => ({ sequence: row.sequence, event: schema.parse(row.payload) }));
}
