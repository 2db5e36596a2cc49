import * as Y from 'yjs';
import type { Transaction } from './database.js';

/** A part of a document: the whole as of a sequence, or the update of that sequence. */
interface StoredPart {
  sequence: number;
  bytes: Uint8Array;
}

/** All that is stored of a document, in order. In one statement, since compacting deletes what it has made whole. */
export function readStoredParts(tx: Transaction, attemptTaskId: string): Promise<StoredPart[]> {
  return tx.$queryRaw<StoredPart[]>`
    SELECT sequence, state AS bytes FROM workspace_document WHERE attempt_task_id = ${attemptTaskId}::uuid
    UNION ALL
    SELECT later.sequence, later.bytes FROM workspace_update AS later
    WHERE later.attempt_task_id = ${attemptTaskId}::uuid AND later.sequence > coalesce(
      (SELECT sequence FROM workspace_document WHERE attempt_task_id = ${attemptTaskId}::uuid), 0)
    ORDER BY sequence`;
}

/** The document that is stored; an empty one when there is none. */
export async function readStoredDocument(tx: Transaction, attemptTaskId: string): Promise<Y.Doc> {
  const parts = await readStoredParts(tx, attemptTaskId);
  const doc = new Y.Doc();
  if (parts.length > 0) Y.applyUpdate(doc, Y.mergeUpdates(parts.map(({ bytes }) => bytes)));
  return doc;
}
